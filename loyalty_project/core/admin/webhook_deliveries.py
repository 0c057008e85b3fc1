"""What webhooks were sent and what they answered; what was given up can be sent again."""

import json
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loyalty_project.core import clock
from loyalty_project.core.admin import base, display
from loyalty_project.core.admin.actions import button, confirmed
from loyalty_project.core.models import DeliveryStatus, WebhookDelivery
from loyalty_project.core.services import webhooks
from loyalty_project.core.webhooks.posting import Failure

AT_ONCE = 1000
DELIVERY_TONES = {
    DeliveryStatus.PENDING: ("info", "clock"),
    DeliveryStatus.DELIVERED: ("good", "circle-check"),
    DeliveryStatus.DEAD: ("bad", "circle-x"),
}


def is_finished(delivery: WebhookDelivery) -> bool:
    return delivery.status != DeliveryStatus.PENDING


def answer_of(delivery: WebhookDelivery) -> Any:
    """The last status, or why there is none."""
    return _answer(delivery.tries[-1]) if delivery.tries else display.EMPTY


def _answer(attempt: dict[str, Any]) -> Any:
    if attempt["status"] is not None:
        return display.ltr(f"HTTP {attempt['status']}", "whole")
    return str(dict(Failure.choices).get(attempt["error"], attempt["error"]))


@admin.register(WebhookDelivery)
class WebhookDeliveryPage(base.ReadOnlyAdmin):
    icon = "send"
    list_display = [
        "event_type",
        display.badge("status", DELIVERY_TONES),
        "last_answer",
        display.integer_column("attempts"),
        display.when("created_at"),
        display.link("endpoint"),
        display.text_ltr("event.subject", gettext_lazy("Object")),
    ]
    list_select_related = ["endpoint", "event"]
    list_filter = ["status", "endpoint"]
    search_fields = ["public_id__startswith", "event__subject__startswith"]
    search_help_text = gettext_lazy("Beginning of webhook-id or object")
    ordering = ["-pk"]
    actions = ["send_selected_again"]
    page_buttons = ["send_again"]
    fields = [
        display.link("endpoint"),
        display.link("event"),
        display.code("public_id", gettext_lazy("webhook-id")),
        display.integer_column("attempts"),
        "next_attempt",
        display.when("finished_at"),
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        rows: QuerySet[WebhookDelivery] = super().get_queryset(request)
        return rows.defer("event__data")

    @admin.display(description=gettext_lazy("Event"), ordering="event__type")
    def event_type(self, obj: WebhookDelivery) -> Any:
        return display.ltr(obj.event.type)

    @admin.display(description=gettext_lazy("Last answer"))
    def last_answer(self, obj: WebhookDelivery) -> Any:
        return answer_of(obj)

    @admin.display(description=gettext_lazy("Next attempt"))
    def next_attempt(self, obj: WebhookDelivery) -> Any:
        return display.EMPTY if is_finished(obj) else display.when_of(obj.due_at)

    def page_status(self, request: HttpRequest, obj: WebhookDelivery) -> Any:
        return display.badge_of(obj.status, DELIVERY_TONES, obj.get_status_display())

    def page_panels(self, request: HttpRequest, obj: WebhookDelivery) -> list[tuple[Any, Any]]:
        rows = [
            (
                display.when_of(datetime.fromisoformat(attempt["at"])),
                _answer(attempt),
                display.ltr(f"{attempt['seconds']:.2f} s", "num"),
                display.ltr(attempt["answer"], "long"),
            )
            for attempt in reversed(obj.tries)
        ]
        heads = [_("When"), _("Answer"), _("Took"), _("Its text")]
        return [
            (_("Attempts"), display.table(heads, rows) if rows else _("Not sent yet.")),
            (
                _("What was sent"),
                display.json_of(json.loads(obj.body)) if obj.body else _("Not sent yet."),
            ),
        ]

    @button(gettext_lazy("Send again"), icon="refresh-cw", confirm=True, when=is_finished)
    def send_again(self, request: Any, obj: WebhookDelivery, data: dict[str, Any]) -> str:
        del data
        webhooks.send_again(project=request.project, delivery=obj, at=clock.now())
        return _("It is sent again.")

    def send_again_effects(self, request: HttpRequest, obj: WebhookDelivery) -> list[str]:
        del request, obj
        return [_("The same text is sent under the same webhook-id, signed anew.")]

    @confirmed(gettext_lazy("Send again"))
    def send_selected_again(self, request: Any, queryset: QuerySet[WebhookDelivery]) -> str:
        now, sent = clock.now(), 0
        chosen = queryset.exclude(status=DeliveryStatus.PENDING).filter(endpoint__active=True)
        for delivery in chosen.order_by("pk")[:AT_ONCE]:
            webhooks.send_again(project=request.project, delivery=delivery, at=now)
            sent += 1
        return ngettext("%(n)s is sent again.", "%(n)s are sent again.", sent) % {"n": sent}
