"""Navigation by job: the only place that names the models of every app.

A model that does not exist or may not be seen is left out.
"""

from django.utils.translation import gettext_lazy as _

from loyalty_project.core.admin.frame import Entry, Section

SECTIONS = (
    Section(
        _("Overview"),
        (Entry(url="admin:index", label=_("Dashboard"), icon="layout-dashboard"),),
    ),
    Section(
        _("Promote"),
        (
            Entry("campaigns.Campaign", icon="megaphone"),
            Entry(
                url="admin:campaigns_campaign_calendar",
                label=_("Calendar"),
                icon="calendar",
                permission="campaigns.view_campaign",
            ),
            Entry("campaigns.Voucher", icon="ticket", label=_("Codes")),
            Entry("campaigns.Publication", icon="send"),
            Entry("campaigns.PromotionTier", icon="percent"),
            Entry("campaigns.PromotionStack", icon="list"),
            Entry("campaigns.ValidationRule", icon="scroll-text"),
            Entry("campaigns.Category", icon="layers"),
            Entry(
                url="admin:redemptions_redemption_try",
                label=_("Try a cart"),
                icon="play",
                permission="redemptions.view_redemption",
            ),
            Entry("campaigns.StackingRules", icon="arrow-up-down", label=_("Stacking")),
            Entry("campaigns.Budget", icon="wallet"),
            Entry("campaigns.HolidayCalendar", icon="sun"),
            Entry("campaigns.Jurisdiction", icon="scroll-text"),
        ),
    ),
    Section(
        _("Serve"),
        (
            Entry("customers.Customer", icon="users"),
            Entry("customers.Segment", icon="filter"),
            Entry("campaigns.Apology", icon="gift"),
            Entry("redemptions.Order", icon="shopping-bag"),
            Entry("redemptions.Redemption", icon="badge-check"),
            Entry("redemptions.Hold", icon="lock"),
            Entry("redemptions.RedemptionRollback", icon="undo-2"),
            Entry("rewards.LedgerEntry", icon="coins", label=_("Gift card movements")),
        ),
    ),
    Section(
        _("Catalog"),
        (
            Entry("rewards.Product", icon="package"),
            Entry("rewards.Sku", icon="tag", label=_("SKUs")),
            Entry("rewards.ProductCollection", icon="layers"),
        ),
    ),
    Section(
        _("Watch"),
        (
            Entry(
                url="admin:reporting_gift_cards",
                label=_("Gift cards in money"),
                icon="gift",
                permission="rewards.view_ledgerentry",
            ),
            Entry(url="admin:audit", label=_("Audit log"), icon="scroll-text"),
            Entry(
                url="admin:status",
                label=_("Status"),
                icon="monitor",
                permission="core.view_job",
            ),
            Entry("core.AsyncAction", icon="loader"),
            Entry("core.OutboxEvent", icon="activity"),
            Entry("core.ApiCall", icon="file-text"),
            Entry("core.WebhookDelivery", icon="send"),
            Entry("core.Job", icon="cog"),
        ),
    ),
    Section(
        _("Settings"),
        (
            Entry("core.Project", icon="store"),
            Entry(
                url="admin:campaigns_safety",
                label=_("Safety"),
                icon="shield",
                permission="campaigns.view_marginfloor",
            ),
            Entry(
                url="admin:campaigns_apology_policy",
                label=_("Apology coupons"),
                icon="gift",
                permission="campaigns.view_apologypolicy",
            ),
            Entry("core.Membership", icon="user-plus"),
            Entry("core.ApiKey", icon="key-round"),
            Entry("core.WebhookEndpoint", icon="globe"),
            Entry("core.MetadataSchema", icon="braces"),
        ),
    ),
    Section(
        _("Installation"),
        (
            Entry("core.User", icon="user"),
            Entry("auth.Group", icon="shield", label=_("Roles")),
            Entry("core.ManagementKey", icon="key"),
            Entry("core.Currency", icon="coins"),
            Entry("admin.LogEntry", icon="list", label=_("Log of the admin")),
        ),
    ),
)

# Asked in this order by the search box of the frame.
SEARCHERS = (
    "campaigns.Voucher",
    "customers.Customer",
    "redemptions.Order",
    "campaigns.Campaign",
    "rewards.Product",
)
