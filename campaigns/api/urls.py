"""Endpoints of categories, campaigns, codes, validation rules and publications."""

from django.urls import path

from campaigns.api.views.assets import AssetsView
from campaigns.api.views.budgets import BudgetsView
from campaigns.api.views.campaigns import CampaignCsvView, CampaignsView, CampaignVouchersView
from campaigns.api.views.categories import CategoriesView
from campaigns.api.views.holiday_calendars import HolidayCalendarsView
from campaigns.api.views.limits import SafetyView, VoucherLimitsView
from campaigns.api.views.promotion_stacks import PromotionStacksView
from campaigns.api.views.publications import PublicationsView
from campaigns.api.views.stacking_rules import StackingRulesView
from campaigns.api.views.validation_rules import (
    AllRuleAssignmentsView,
    RuleAssignmentsView,
    ValidationRulesView,
)
from campaigns.api.views.voucher_bulk import VouchersBulkView, VouchersCsvView
from campaigns.api.views.vouchers import VouchersView

_CAMPAIGN = "campaigns/<raw:campaign_id>"
_RULE = "validation-rules/<raw:rule_id>"
_STACKS = "promotions/<raw:campaign_id>/stacks"
_STACKING = "projects/<raw:project_id>/stacking-rules"
_VOUCHER = "vouchers/<raw:code>"

v1 = [
    path("categories", CategoriesView.as_view({"get": "list", "post": "create"})),
    path(
        "categories/<raw:category_id>",
        CategoriesView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("budgets", BudgetsView.as_view({"get": "list", "post": "create"})),
    path(
        "budgets/<raw:budget_id>",
        BudgetsView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path(
        "holiday-calendars",
        HolidayCalendarsView.as_view({"get": "list", "post": "create"}),
    ),
    path(
        "holiday-calendars/<raw:calendar_id>",
        HolidayCalendarsView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("safety", SafetyView.as_view({"get": "retrieve", "put": "update"})),
    path("campaigns", CampaignsView.as_view({"get": "list", "post": "create"})),
    path(
        _CAMPAIGN,
        CampaignsView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path(f"{_CAMPAIGN}/enable", CampaignsView.as_view({"post": "enable"})),
    path(f"{_CAMPAIGN}/disable", CampaignsView.as_view({"post": "disable"})),
    path(f"{_CAMPAIGN}/transactions", CampaignsView.as_view({"get": "transactions"})),
    path(f"{_CAMPAIGN}/import", CampaignVouchersView.as_view({"post": "load"})),
    path(f"{_CAMPAIGN}/importCSV", CampaignCsvView.as_view({"post": "load"})),
    path(f"{_CAMPAIGN}/vouchers", CampaignVouchersView.as_view({"post": "create"})),
    path(
        f"{_CAMPAIGN}/vouchers/<raw:code>",
        CampaignVouchersView.as_view({"post": "create_named"}),
    ),
    path("vouchers", VouchersView.as_view({"get": "list", "post": "create"})),
    path("vouchers/import", VouchersBulkView.as_view({"post": "load"})),
    path("vouchers/importCSV", VouchersCsvView.as_view({"post": "load"})),
    path("vouchers/bulk/async", VouchersBulkView.as_view({"post": "bulk"})),
    path("vouchers/metadata/async", VouchersBulkView.as_view({"post": "metadata"})),
    path(
        _VOUCHER,
        VouchersView.as_view(
            {"get": "retrieve", "post": "create_named", "put": "update", "delete": "destroy"}
        ),
    ),
    path(f"{_VOUCHER}/enable", VouchersView.as_view({"post": "enable"})),
    path(f"{_VOUCHER}/disable", VouchersView.as_view({"post": "disable"})),
    path(f"{_VOUCHER}/balance", VouchersView.as_view({"post": "balance"})),
    path(f"{_VOUCHER}/transactions", VouchersView.as_view({"get": "transactions"})),
    path(f"{_VOUCHER}/limits", VoucherLimitsView.as_view({"get": "retrieve", "put": "update"})),
    path(f"{_VOUCHER}/publications", VouchersView.as_view({"get": "publications"})),
    path("validation-rules", ValidationRulesView.as_view({"get": "list", "post": "create"})),
    path(
        _RULE,
        ValidationRulesView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path(
        f"{_RULE}/assignments",
        RuleAssignmentsView.as_view({"get": "list", "post": "create"}),
    ),
    path(
        f"{_RULE}/assignments/<raw:assignment_id>",
        RuleAssignmentsView.as_view({"delete": "destroy"}),
    ),
    path("validation-rules-assignments", AllRuleAssignmentsView.as_view({"get": "list"})),
    path("promotions/stacks", PromotionStacksView.as_view({"get": "list"})),
    path(
        _STACKS,
        PromotionStacksView.as_view({"get": "list_of_campaign", "post": "create"}),
    ),
    path(
        f"{_STACKS}/<raw:stack_id>",
        PromotionStacksView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("publications", PublicationsView.as_view({"get": "list", "post": "create"})),
    path("publications/create", PublicationsView.as_view({"get": "create_by_query"})),
    path("assets/qr/<raw:token>", AssetsView.as_view({"get": "qr"})),
    path("assets/barcode/<raw:token>", AssetsView.as_view({"get": "barcode"})),
]
management = [
    path(_STACKING, StackingRulesView.as_view({"get": "list", "post": "create"})),
    path(
        f"{_STACKING}/<raw:rules_id>",
        StackingRulesView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
]
client_v1: list[object] = []
