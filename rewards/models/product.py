from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import HasMetadata, ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history

SHIPPING_ID = "prod_5h1pp1ng"


class Product(ProjectOwned, HasMetadata):
    """Something that is bought, discounted or given away. `price` in minor units."""

    public_id = PublicIdField("prod_", unique=False)
    source_id = models.CharField(
        _("source id"),
        max_length=255,
        null=True,
        blank=True,
        help_text=_("The product's id in your shop."),
    )
    name = models.CharField(
        _("name"), max_length=255, blank=True, help_text=_("As shown to buyers.")
    )
    price = models.BigIntegerField(
        _("price"), null=True, blank=True, help_text=_("Used where an order line has none.")
    )
    cost = models.BigIntegerField(
        _("cost"),
        null=True,
        blank=True,
        help_text=_("What one unit costs you; margin floors need it."),
    )
    stock = models.PositiveBigIntegerField(
        _("stock for gifts"),
        null=True,
        blank=True,
        help_text=_(
            "Units that are left to give away: each one that a discount gives for free is taken "
            "off. Empty: not counted."
        ),
    )
    attributes = models.JSONField(
        _("attributes"),
        default=list,
        blank=True,
        help_text=_("What its SKUs differ in, one per line, e.g. size."),
    )
    image_url = models.URLField(
        _("image"), max_length=1000, blank=True, help_text=_("Address of a picture.")
    )
    search_name = models.TextField(editable=False, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    history = project_history(excluded_fields=["search_name"])

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "public_id"], name="rewards_product_id"),
            models.UniqueConstraint(
                fields=["project", "source_id"], name="rewards_product_source_id"
            ),
            models.CheckConstraint(
                condition=models.Q(price__isnull=True) | models.Q(price__gte=0),
                name="rewards_product_price",
            ),
            models.CheckConstraint(
                condition=models.Q(cost__isnull=True) | models.Q(cost__gte=0),
                name="rewards_product_cost",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="rewards_product_recent"),
            GinIndex(SearchVector("search_name", config="simple"), name="rewards_product_search"),
        ]

    def __str__(self) -> str:
        return self.name or self.source_id or self.public_id


class Sku(ProjectOwned, HasMetadata):
    """A variant of a product; an empty price falls back to the product's."""

    public_id = PublicIdField("sku_")
    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        related_name="skus",
        verbose_name=_("product"),
        help_text=_("What it is a variant of."),
    )
    source_id = models.CharField(
        _("source id"),
        max_length=255,
        null=True,
        blank=True,
        help_text=_("The SKU's id in your shop; unique in the project."),
    )
    sku = models.CharField(_("name"), max_length=255, blank=True, help_text=_("E.g. 250 g, whole."))
    price = models.BigIntegerField(
        _("price"), null=True, blank=True, help_text=_("Empty: the price of the product.")
    )
    cost = models.BigIntegerField(
        _("cost"), null=True, blank=True, help_text=_("Empty: the cost of the product.")
    )
    stock = models.PositiveBigIntegerField(
        _("stock for gifts"),
        null=True,
        blank=True,
        help_text=_(
            "Units that are left to give away where a discount gives this very SKU. Empty: not "
            "counted."
        ),
    )
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, help_text=_("A label; amounts are the project's.")
    )
    attributes = models.JSONField(
        _("attributes"),
        default=dict,
        blank=True,
        help_text=_('Values of the attributes, e.g. {"size": "250 g"}.'),
    )
    image_url = models.URLField(
        _("image"), max_length=1000, blank=True, help_text=_("Address of a picture.")
    )
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    history = project_history()

    class Meta:
        verbose_name = _("SKU")
        verbose_name_plural = _("SKUs")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "source_id"], name="rewards_sku_source_id"),
            models.CheckConstraint(
                condition=models.Q(price__isnull=True) | models.Q(price__gte=0),
                name="rewards_sku_price",
            ),
            models.CheckConstraint(
                condition=models.Q(cost__isnull=True) | models.Q(cost__gte=0),
                name="rewards_sku_cost",
            ),
        ]

    def __str__(self) -> str:
        return self.sku or self.source_id or self.public_id
