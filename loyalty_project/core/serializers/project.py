from typing import Any, Literal, NotRequired, TypedDict

from loyalty_project.core.models import Project

CLIENT_SWITCHES = (
    "client_redeem_enabled",
    "client_publish_enabled",
    "client_list_vouchers_enabled",
    "client_create_customer_enabled",
    "client_loyalty_events_enabled",
    "client_set_voucher_expiration_date_enabled",
)
NOTIFICATIONS = ("api_usage_notifications", "webhooks_callout_notifications")


class ProjectJson(TypedDict):
    """Settings of a project. `week_start` counts from 0, Sunday."""

    id: str
    name: str
    description: str
    currency: str
    timezone: str
    dial_code: str | None
    week_start: int
    prices_include_tax: bool
    cluster_id: str
    api_version: Literal["v2018-08-01"]
    webhook_version: Literal["v2024-01-01"]
    case_sensitive_codes: bool
    is_sandbox: bool
    client_trusted_domains: list[str]
    client_redeem_enabled: bool
    client_publish_enabled: bool
    client_list_vouchers_enabled: bool
    client_create_customer_enabled: bool
    client_loyalty_events_enabled: bool
    client_set_voucher_expiration_date_enabled: bool
    api_usage_notifications: NotRequired[dict[str, Any]]
    webhooks_callout_notifications: NotRequired[dict[str, Any]]
    default_code_config: NotRequired[dict[str, Any]]


class ProjectListJson(TypedDict):
    """All projects of the installation."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[ProjectJson]


def project_json(project: Project) -> ProjectJson:
    switches = project.client_options
    found: ProjectJson = {
        "id": project.public_id,
        "name": project.name,
        "description": project.description,
        "currency": project.currency,
        "timezone": project.timezone,
        "dial_code": project.dial_code or None,
        "week_start": project.week_start,
        "prices_include_tax": project.prices_include_tax,
        "cluster_id": "eu1",
        "api_version": "v2018-08-01",
        "webhook_version": "v2024-01-01",
        "case_sensitive_codes": project.case_sensitive_codes,
        "is_sandbox": project.is_sandbox,
        "client_trusted_domains": project.client_trusted_domains,
        "client_redeem_enabled": bool(switches.get("client_redeem_enabled")),
        "client_publish_enabled": bool(switches.get("client_publish_enabled")),
        "client_list_vouchers_enabled": bool(switches.get("client_list_vouchers_enabled")),
        "client_create_customer_enabled": bool(switches.get("client_create_customer_enabled")),
        "client_loyalty_events_enabled": bool(switches.get("client_loyalty_events_enabled")),
        "client_set_voucher_expiration_date_enabled": bool(
            switches.get("client_set_voucher_expiration_date_enabled")
        ),
    }
    options = project.notification_options
    if "api_usage_notifications" in options:
        found["api_usage_notifications"] = options["api_usage_notifications"]
    if "webhooks_callout_notifications" in options:
        found["webhooks_callout_notifications"] = options["webhooks_callout_notifications"]
    if project.default_code_config:
        found["default_code_config"] = project.default_code_config
    return found
