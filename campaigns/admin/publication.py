from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaigns.admin.resources import PublicationResource
from campaigns.models import Publication, PublicationResult
from loyalty_project.core.admin import base, display

TONES = {
    PublicationResult.SUCCESS: ("good", "circle-check"),
    PublicationResult.FAILURE: ("bad", "circle-x"),
}


@admin.register(Publication)
class PublicationAdmin(base.ReadOnlyAdmin):
    icon = "send"
    resource_classes = [PublicationResource]
    list_display = [
        display.code("public_id", _("Publication")),
        display.badge("result", TONES),
        display.link("voucher"),
        display.link("campaign"),
        display.link("customer"),
        "channel",
        display.when("created_at"),
    ]
    list_select_related = ["voucher", "campaign", "customer"]
    list_filter = ["result", "campaign"]
    search_fields = ["public_id__startswith", "source_id__startswith"]
    ordering = ["-created_at", "-pk"]
    fields = [
        display.code("public_id"),
        display.badge("result", TONES),
        display.link("voucher"),
        display.json_column("voucher_ids", _("Codes")),
        display.link("campaign"),
        display.link("customer"),
        "channel",
        display.text_ltr("source_id"),
        "failure_code",
        "failure_message",
        display.metadata("metadata"),
        display.when("created_at"),
    ]
    readonly_fields = fields
