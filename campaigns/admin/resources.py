"""What the list pages export."""

from typing import Any

from import_export import fields

from campaigns import queries
from campaigns.models import Apology, Publication, Voucher
from loyalty_project.core import money
from loyalty_project.core.admin import resources


class VoucherResource(resources.ProjectResource):
    campaign = fields.Field(attribute="campaign__name", column_name="campaign", readonly=True)
    redeemed = fields.Field(column_name="redeemed", readonly=True)
    balance = fields.Field(attribute="account__balance", column_name="balance", readonly=True)

    class Meta(resources.ProjectResource.Meta):
        model = Voucher
        fields = [
            "code",
            "campaign",
            "active",
            "starts_at",
            "expires_at",
            "redemption_limit",
            "redeemed",
            "publish_count",
            "balance",
            "created_at",
        ]

    def dehydrate_redeemed(self, voucher: Any) -> int:
        return queries.redeemed_of(voucher)


class PublicationResource(resources.ProjectResource):
    code = fields.Field(attribute="voucher__code", column_name="code", readonly=True)
    campaign = fields.Field(attribute="campaign__name", column_name="campaign", readonly=True)
    customer = fields.Field(attribute="customer__source_id", column_name="customer", readonly=True)

    class Meta(resources.ProjectResource.Meta):
        model = Publication
        fields = [
            "public_id",
            "result",
            "code",
            "campaign",
            "customer",
            "channel",
            "source_id",
            "failure_code",
            "created_at",
        ]


class ApologyResource(resources.ProjectResource):
    code = fields.Field(attribute="voucher__code", column_name="code", readonly=True)
    customer = fields.Field(attribute="customer__source_id", column_name="customer", readonly=True)
    agent = fields.Field(attribute="agent__username", column_name="agent", readonly=True)
    amount = fields.Field(attribute="amount", column_name="amount_in_minor_units", readonly=True)
    percent = fields.Field(column_name="percent", readonly=True)

    class Meta(resources.ProjectResource.Meta):
        model = Apology
        fields = [
            "public_id",
            "code",
            "customer",
            "agent",
            "reason",
            "amount",
            "percent",
            "created_at",
        ]

    def dehydrate_percent(self, apology: Any) -> Any:
        return "" if apology.percent is None else money.to_percent(apology.percent)
