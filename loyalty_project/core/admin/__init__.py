"""The back office: bases for the apps' admins, and the pages of the platform's own models.

Django's admin of groups is imported first, so that ours can take its place.
"""

from django.contrib.auth import admin as auth_admin

from loyalty_project.core.admin import (
    api_calls,
    keys,
    platform,
    roles,
    schemas,
    third_party,
    webhooks,
    work,
)

__all__ = [
    "api_calls",
    "auth_admin",
    "keys",
    "platform",
    "roles",
    "schemas",
    "third_party",
    "webhooks",
    "work",
]
