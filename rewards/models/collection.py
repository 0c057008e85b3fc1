from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history

ALL_PRODUCTS_ID = "pc_a11pr0dUc75"


class CollectionType(models.TextChoices):
    """The published types."""

    STATIC = "STATIC", _("Chosen products")
    AUTO_UPDATE = "AUTO_UPDATE", _("Products that match a filter")


class ProductCollection(ProjectOwned):
    """A group of products and SKUs. `filter` is the published tree of an AUTO_UPDATE one."""

    public_id = PublicIdField("pc_")
    name = models.CharField(_("name"), max_length=255, help_text=_("E.g. Arabica coffee."))
    type = models.CharField(
        _("type"),
        max_length=12,
        choices=CollectionType.choices,
        default=CollectionType.STATIC,
        help_text=_("How products come into it."),
    )
    filter = models.JSONField(_("filter"), null=True, blank=True)

    history = project_history()

    class Meta:
        verbose_name = _("product collection")
        verbose_name_plural = _("product collections")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="rewards_collection_name")
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="rewards_collection_recent")
        ]

    def __str__(self) -> str:
        return self.name


class CollectionMember(ProjectOwned):
    """A product, with all its SKUs, or a single SKU in a STATIC collection."""

    collection = models.ForeignKey(
        ProductCollection, on_delete=models.CASCADE, related_name="members"
    )
    product = models.ForeignKey(
        "rewards.Product", on_delete=models.CASCADE, null=True, related_name="+"
    )
    sku = models.ForeignKey("rewards.Sku", on_delete=models.CASCADE, null=True, related_name="+")

    history = project_history()

    class Meta:
        verbose_name = _("product in a collection")
        verbose_name_plural = _("products in collections")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(product__isnull=False, sku=None) | Q(product=None, sku__isnull=False),
                name="rewards_member_of_one",
            ),
            models.UniqueConstraint(
                fields=["collection", "product", "sku"],
                name="rewards_member_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collection}: {self.product or self.sku}"
