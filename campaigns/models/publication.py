from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import HasMetadata, ProjectOwned, PublicIdField


class PublicationResult(models.TextChoices):
    SUCCESS = "SUCCESS", _("Published")
    FAILURE = "FAILURE", _("Refused")


class Publication(ProjectOwned, HasMetadata):
    """Codes given to a customer; a record of fact.

    `voucher_ids` are their public ids; `voucher` is there when it was one.
    """

    public_id = PublicIdField("pub_")
    voucher = models.ForeignKey(
        "campaigns.Voucher",
        on_delete=models.PROTECT,
        null=True,
        related_name="publications",
        verbose_name=_("code"),
    )
    voucher_ids = models.JSONField(default=list)
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("campaign"),
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    channel = models.CharField(_("channel"), max_length=60, default="API")
    source_id = models.CharField(_("source id"), max_length=255, null=True)
    tracking_id = models.CharField(_("tracking id"), max_length=255, blank=True)
    result = models.CharField(
        _("result"),
        max_length=8,
        choices=PublicationResult.choices,
        default=PublicationResult.SUCCESS,
    )
    failure_code = models.CharField(_("failure"), max_length=60, blank=True)
    failure_message = models.TextField(_("failure message"), blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "source_id"],
                name="campaigns_publication_source_id",
                condition=models.Q(result="SUCCESS"),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="campaigns_pub_recent"),
            GinIndex(
                name="campaigns_pub_vouchers", fields=["voucher_ids"], opclasses=["jsonb_path_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
