from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.admin import base, display
from redemptions.admin import facts
from redemptions.admin.resources import RollbackResource
from redemptions.models import RedemptionRollback, Result

TONES = {
    Result.SUCCESS: ("good", "circle-check"),
    Result.FAILURE: ("bad", "circle-x"),
}


@admin.register(RedemptionRollback)
class RedemptionRollbackAdmin(base.ReadOnlyAdmin):
    icon = "undo-2"
    resource_classes = [RollbackResource]
    list_display = [
        display.code("public_id", _("Rollback")),
        display.badge("result", TONES),
        display.link("redemption"),
        display.link("customer"),
        "reason",
        display.when("rolled_back_at"),
    ]
    list_select_related = ["redemption", "customer"]
    list_filter = ["result", "channel_type", "rolled_back_at"]
    search_fields = ["public_id__startswith"]
    search_help_text = _("The beginning of an id.")
    ordering = ["-rolled_back_at", "-pk"]
    fields = [
        display.code("public_id"),
        display.badge("result", TONES),
        display.link("redemption"),
        display.link("parent", _("Part of")),
        display.link("customer"),
        "reason",
        facts.actor,
        display.text_ltr("tracking_id"),
        "failure_code",
        "failure_message",
        display.metadata("metadata"),
        display.when("rolled_back_at"),
    ]
    readonly_fields = fields
