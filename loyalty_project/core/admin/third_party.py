"""Models of other packages, on our bases."""

from importlib import import_module

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest
from django_otp.plugins.otp_totp.models import TOTPDevice

from loyalty_project.core.admin import base, display

# The library's pages show the secrets of everybody; people have a page of their own.
import_module("django_otp.plugins.otp_totp.admin")
admin.site.unregister(TOTPDevice)


@admin.register(LogEntry)
class LogEntryPage(base.PlatformAdmin):
    """Django's own log knows no project: it is for superusers, and holds what has no history."""

    list_display = ["action_time", "user", "content_type", "object_repr", "action_flag"]
    list_select_related = ["user", "content_type"]
    list_filter = ["action_flag"]
    search_fields = ["object_repr__istartswith"]
    fields = [display.when("action_time"), "user", "content_type", "object_repr"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        del request, obj
        return False
