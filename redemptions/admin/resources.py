"""What the list pages export; amounts in minor units."""

from import_export import fields, widgets

from loyalty_project.core.admin import resources
from redemptions.models import Hold, Order, Redemption, RedemptionRollback


class OrderResource(resources.ProjectResource):
    customer = fields.Field(attribute="customer__source_id", column_name="customer", readonly=True)
    tax_base = fields.Field(
        attribute="tax_base",
        column_name="tax_base",
        readonly=True,
        widget=widgets.IntegerWidget(),
    )

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
            "returned_discount",
            "returned_credits",
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
