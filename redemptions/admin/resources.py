"""What the list pages export; amounts in major units, as the import of orders reads them."""

from import_export import fields

from loyalty_project.core.admin import csv_import, resources
from redemptions.models import Hold, Order, Redemption, RedemptionRollback


def _money(name: str) -> fields.Field:
    widget = csv_import.MajorUnits()
    return fields.Field(attribute=name, column_name=name, readonly=True, widget=widget)


class OrderResource(resources.ProjectResource):
    customer = fields.Field(attribute="customer__source_id", column_name="customer", readonly=True)
    amount = _money("amount")
    discount_amount = _money("discount_amount")
    items_discount_amount = _money("items_discount_amount")
    credits_amount = _money("credits_amount")
    total_amount = _money("total_amount")
    tax_base = _money("tax_base")

    class Meta(resources.ProjectResource.Meta):
        model = Order
        fields = [
            "public_id",
            "source_id",
            "status",
            "customer",
            "amount",
            "discount_amount",
            "items_discount_amount",
            "credits_amount",
            "total_amount",
            "tax_base",
            "created_at",
            "paid_at",
        ]


class RedemptionResource(resources.ProjectResource):
    campaign = fields.Field(attribute="campaign__name", column_name="campaign", readonly=True)
    customer = fields.Field(attribute="customer__source_id", column_name="customer", readonly=True)
    order = fields.Field(attribute="order__public_id", column_name="order", readonly=True)
    applied_amount = _money("applied_amount")
    credits_amount = _money("credits_amount")

    class Meta(resources.ProjectResource.Meta):
        model = Redemption
        fields = [
            "public_id",
            "result",
            "code",
            "campaign",
            "customer",
            "order",
            "applied_amount",
            "credits_amount",
            "failure_code",
            "channel_type",
            "redeemed_at",
            "rolled_back_at",
        ]


class RollbackResource(resources.ProjectResource):
    redemption = fields.Field(
        attribute="redemption__public_id", column_name="redemption", readonly=True
    )
    customer = fields.Field(attribute="customer__source_id", column_name="customer", readonly=True)

    class Meta(resources.ProjectResource.Meta):
        model = RedemptionRollback
        fields = [
            "public_id",
            "result",
            "redemption",
            "customer",
            "reason",
            "failure_code",
            "channel_type",
            "rolled_back_at",
        ]


class HoldResource(resources.ProjectResource):
    code = fields.Field(attribute="voucher__code", column_name="code", readonly=True)
    promotion_tier = fields.Field(
        attribute="promotion_tier__name", column_name="promotion_tier", readonly=True
    )
    campaign = fields.Field(attribute="campaign__name", column_name="campaign", readonly=True)
    customer = fields.Field(attribute="customer__source_id", column_name="customer", readonly=True)

    class Meta(resources.ProjectResource.Meta):
        model = Hold
        fields = [
            "session_key",
            "code",
            "promotion_tier",
            "campaign",
            "customer",
            "quantity",
            "credits",
            "created_at",
            "expires_at",
        ]
