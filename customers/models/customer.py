from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import HasMetadata, ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class Customer(ProjectOwned, HasMetadata):
    """A person who buys. `source_id` is the shop's own id and never changes once set.

    `search_name` is the normalized text of name, e-mail, phone and source id (core.search).
    """

    public_id = PublicIdField("cust_")
    source_id = models.CharField(
        _("source id"),
        max_length=255,
        null=True,
        blank=True,
        help_text=_("The customer's id in your shop. Fixed once it is set."),
    )
    name = models.CharField(_("name"), max_length=255, blank=True, help_text=_("Full name."))
    description = models.TextField(
        _("description"), blank=True, help_text=_("Anything worth knowing; not shown to customers.")
    )
    email = models.CharField(
        _("e-mail"), max_length=255, blank=True, help_text=_("Need not be unique.")
    )
    phone = models.CharField(
        _("phone"), max_length=64, blank=True, help_text=_("With the country code, e.g. +49 …")
    )
    birth_on = models.DateField(
        _("birthday"), null=True, blank=True, help_text=_("Year, month and day.")
    )
    address_line_1 = models.CharField(
        _("address"), max_length=255, blank=True, help_text=_("Street and number.")
    )
    address_line_2 = models.CharField(
        _("address, second line"), max_length=255, blank=True, help_text=_("Flat, floor, company.")
    )
    city = models.CharField(_("city"), max_length=120, blank=True, help_text=_("Town or city."))
    state = models.CharField(
        _("province or state"),
        max_length=120,
        blank=True,
        help_text=_("As written on an envelope."),
    )
    postal_code = models.CharField(
        _("postal code"), max_length=32, blank=True, help_text=_("As written on an envelope.")
    )
    country = models.CharField(
        _("country"), max_length=120, blank=True, help_text=_("Name or two-letter code.")
    )
    tracking_id = models.CharField(
        max_length=48,
        null=True,
        editable=False,
        help_text=_("Stands for the source id where shoppers can read it."),
    )
    search_name = models.TextField(editable=False, blank=True)
    anonymized_at = models.DateTimeField(_("anonymized"), null=True, editable=False)

    history = project_history(excluded_fields=["search_name", "tracking_id"])

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "source_id"], name="customers_customer_source_id"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="customers_recent"),
            models.Index(fields=["project", "-updated_at", "-id"], name="customers_changed"),
            models.Index(fields=["project", "tracking_id"], name="customers_tracking"),
            models.Index(fields=["project", "email"], name="customers_email"),
            models.Index(
                fields=["project", "phone"], name="customers_phone", condition=~Q(phone="")
            ),
            GinIndex(SearchVector("search_name", config="simple"), name="customers_search"),
        ]

    def __str__(self) -> str:
        return self.name or self.source_id or self.public_id


class CustomerSummary(ProjectOwned):
    """Counts and totals of one customer, changed in the transaction of the order or redemption.

    Amounts in minor units; only PAID and FULFILLED orders count.
    """

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="summary")
    orders_count = models.IntegerField(default=0)
    orders_amount = models.BigIntegerField(default=0)
    last_order_amount = models.BigIntegerField(null=True)
    last_order_at = models.DateTimeField(null=True)
    redemptions_succeeded = models.IntegerField(default=0)
    redemptions_failed = models.IntegerField(default=0)
    rollbacks_succeeded = models.IntegerField(default=0)
    rollbacks_failed = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("customer summary")
        verbose_name_plural = _("customer summaries")

    def __str__(self) -> str:
        return str(self.customer_id)
