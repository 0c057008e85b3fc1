"""Endpoints of orders, validations, redemptions and rollbacks."""

from django.urls import path

from redemptions.api.views.client import (
    ClientPromotionsView,
    ClientRedeemView,
    ClientRedemptionsView,
    ClientValidateView,
    ClientValidationsView,
)
from redemptions.api.views.orders import OrdersView, ReturnsView
from redemptions.api.views.promotions import ClientPromotionTiersView, PromotionTiersView
from redemptions.api.views.qualifications import (
    ClientQualificationsView,
    OlderQualificationsView,
    QualificationsView,
)
from redemptions.api.views.redeemables import CustomerRedeemablesView
from redemptions.api.views.redemptions import RedemptionsView, SingleRedemptionsView
from redemptions.api.views.rules import RuleValidationView
from redemptions.api.views.sessions import (
    SessionsView,
    TierSessionsView,
    VoucherSessionsView,
)
from redemptions.api.views.validations import SingleValidationsView, ValidationsView

_REDEMPTION = "redemptions/<raw:redemption_id>"
_VOUCHER = "vouchers/<raw:code>"
_TIER = "promotions/tiers/<raw:tier_id>"

v1 = [
    path("orders", OrdersView.as_view({"get": "list", "post": "create"})),
    path("orders/import", OrdersView.as_view({"post": "import_many"})),
    path(
        "orders/<raw:order_id>/returns",
        ReturnsView.as_view({"get": "list", "post": "create"}),
    ),
    path("orders/<raw:order_id>/returns/preview", ReturnsView.as_view({"post": "preview"})),
    path("orders/<raw:order_id>", OrdersView.as_view({"get": "retrieve", "put": "update"})),
    path("qualifications", QualificationsView.as_view({"post": "create"})),
    path("vouchers/qualification", OlderQualificationsView.as_view({"post": "vouchers"})),
    path("campaigns/qualification", OlderQualificationsView.as_view({"post": "campaigns"})),
    path("validations", ValidationsView.as_view({"post": "create"})),
    path(f"{_VOUCHER}/validate", SingleValidationsView.as_view({"post": "voucher"})),
    path("promotions/tiers", PromotionTiersView.as_view({"get": "list"})),
    path(
        _TIER,
        PromotionTiersView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path(f"{_TIER}/enable", PromotionTiersView.as_view({"post": "enable"})),
    path(f"{_TIER}/disable", PromotionTiersView.as_view({"post": "disable"})),
    path(
        "promotions/<raw:campaign_id>/tiers",
        PromotionTiersView.as_view({"get": "list_of_campaign", "post": "create"}),
    ),
    path("promotions/validation", SingleValidationsView.as_view({"post": "promotions"})),
    path(f"{_TIER}/validation", SingleValidationsView.as_view({"post": "tier"})),
    path(
        "validation-rules/<raw:rule_id>/validation",
        RuleValidationView.as_view({"post": "validate"}),
    ),
    path("sessions/<raw:session_key>", SessionsView.as_view({"delete": "destroy"})),
    path(f"{_VOUCHER}/sessions", VoucherSessionsView.as_view({"get": "list"})),
    path(
        f"{_VOUCHER}/sessions/<raw:session_key>",
        VoucherSessionsView.as_view({"delete": "destroy"}),
    ),
    path(f"{_TIER}/sessions", TierSessionsView.as_view({"get": "list"})),
    path(f"{_TIER}/sessions/<raw:session_key>", TierSessionsView.as_view({"delete": "destroy"})),
    path("redemptions", RedemptionsView.as_view({"get": "list", "post": "create"})),
    path(_REDEMPTION, RedemptionsView.as_view({"get": "retrieve"})),
    path(f"{_REDEMPTION}/rollback", RedemptionsView.as_view({"post": "rollback"})),
    path(f"{_REDEMPTION}/rollbacks", RedemptionsView.as_view({"post": "rollback_stack"})),
    path(
        f"{_VOUCHER}/redemption",
        SingleRedemptionsView.as_view({"get": "list", "post": "redeem"}),
    ),
    path(f"{_VOUCHER}/redemptions", SingleRedemptionsView.as_view({"get": "list"})),
    path(f"{_TIER}/redemption", SingleRedemptionsView.as_view({"post": "tier"})),
    path(
        "customers/<raw:customer_id>/redeemables",
        CustomerRedeemablesView.as_view({"get": "list"}),
    ),
]
client_v1 = [
    path("qualifications", ClientQualificationsView.as_view({"post": "create"})),
    path("promotions/tiers", ClientPromotionTiersView.as_view({"get": "list"})),
    path("promotions/validation", ClientPromotionsView.as_view({"get": "retrieve"})),
    path("validations", ClientValidationsView.as_view({"post": "create"})),
    path("redemptions", ClientRedemptionsView.as_view({"post": "create"})),
    path("validate", ClientValidateView.as_view({"get": "retrieve"})),
    path("redeem", ClientRedeemView.as_view({"post": "create"})),
]
