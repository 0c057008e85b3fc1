"""What the built-in roles may do, over all apps; `manage.py sync_roles` writes it to the groups.

A pattern names `app.codename`; one that begins with `!` takes permissions away again. Roles made
in the admin are left alone.
"""

_PLATFORM_ONLY = (
    "!admin.*",
    "!auth.*",
    "!contenttypes.*",
    "!guardian.*",
    "!sessions.*",
    "!core.*_user",
    "!core.add_project",
    "!core.delete_project",
    "!core.*managementkey",
    "!core.*_currency",
    "!core.*_heartbeat",
    "!core.*_idempotencyrecord",
    "!core.*_oauthtoken",
)
_BUSINESS = ("customers", "rewards", "campaigns", "redemptions", "reporting")
_WATCH = ("core.view_asyncaction", "core.view_project")
_READ = (*(f"{app}.view_*" for app in _BUSINESS), *_WATCH)
_EXPORT = tuple(f"{app}.export_*" for app in _BUSINESS)

# What keeps the money together is not for who is still learning.
_GUARDED = ("budget", "jurisdiction", "marginfloor", "apologypolicy")
_GUARDS = tuple(f"!campaigns.{verb}_{noun}" for verb in ("add", "change") for noun in _GUARDED)

ROLES: dict[str, tuple[str, ...]] = {
    "Administrator": ("*.*", *_PLATFORM_ONLY),
    "Marketer": (
        *_READ,
        *_EXPORT,
        "customers.*",
        "rewards.*",
        "campaigns.*",
        "redemptions.*_publication",
        "redemptions.release_*",
        "reporting.*",
    ),
    "Junior marketer": (
        *_READ,
        "customers.change_*",
        "campaigns.add_*",
        "campaigns.change_*",
        *_GUARDS,
        "rewards.add_*",
        "rewards.change_*",
    ),
    "Support agent": (
        *_READ,
        "!reporting.*",
        "customers.add_customer",
        "customers.change_customer",
        "campaigns.issue_apology",
        "redemptions.add_*",
        "redemptions.rollback_*",
        "redemptions.release_*",
        "campaigns.adjust_*",
        "campaigns.cash_out_*",
    ),
    "Manager": (
        *_READ,
        *_EXPORT,
        "reporting.*",
        "core.view_*",
        "!core.*_apicall",
        *_PLATFORM_ONLY,
    ),
    "Developer": (
        *_READ,
        "core.*_apikey",
        "core.*_metadataschema",
        "core.*_webhookendpoint",
        "core.*_webhookdelivery",
        "core.view_*",
        *_PLATFORM_ONLY,
    ),
    "Viewer": _READ,
}

# The published scopes of keys and OAuth tokens.
API_RESOURCES = (
    "api",
    "client_api",
    "assets",
    "async-actions",
    "campaigns",
    "categories",
    "client_consents",
    "client_customers",
    "client_events",
    "client_promotions",
    "client_publish",
    "client_qualifications",
    "client_redeem",
    "client_redemptions",
    "client_validate",
    "client_validations",
    "client_vouchers",
    "consents",
    "customers",
    "events",
    "exports",
    "locations",
    "loyalties",
    "metadata-schemas",
    "orders",
    "product-collections",
    "products",
    "promotions",
    "publications",
    "qualifications",
    "redemptions",
    "referrals",
    "rewards",
    "segments",
    "skus",
    "task-results",
    "templates",
    "trash-bin",
    "validation-rules",
    "validation-rules-assignments",
    "validations",
    "vouchers",
)
