"""Webhooks: whom to tell of what, with which secret, and whether they listen."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty_project.core import clock, event_names
from loyalty_project.core.admin import actions, base, display, fields, keys
from loyalty_project.core.admin.webhook_deliveries import DELIVERY_TONES, answer_of
from loyalty_project.core.models import AsyncAction, DeliveryStatus, DisabledReason, WebhookEndpoint
from loyalty_project.core.services import webhook_replays, webhooks
from loyalty_project.core.webhooks import address, schedule

SHOWN = 10
STATES = {
    "WORKS": ("good", "circle-check"),
    "FAILS": ("warn", "triangle-alert"),
    "OFF": ("quiet", "circle-pause"),
    "STOPPED": ("bad", "circle-x"),
}


def is_on(endpoint: WebhookEndpoint) -> bool:
    return endpoint.active


def state_of(endpoint: WebhookEndpoint) -> SafeString:
    if endpoint.active and endpoint.failing_since is not None:
        return display.badge_of("FAILS", STATES, _("Fails"))
    if endpoint.active:
        return display.badge_of("WORKS", STATES, _("On"))
    by_itself = endpoint.disabled_reason in {DisabledReason.GONE, DisabledReason.FAILING}
    return display.badge_of("STOPPED" if by_itself else "OFF", STATES, _("Off"))


def grouped(names: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Sorted `names` under what they are about, the first word of each."""
    groups = groupby(names, key=lambda name: name.partition(".")[0])
    return [(about, [(name, name) for name in of_it]) for about, of_it in groups]


class EndpointForm(forms.ModelForm):
    events = fields.MultipleField(
        choices=(),
        required=True,
        label=gettext_lazy("Events"),
        help_text=gettext_lazy("What it is told of; nothing else is sent."),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["target_url", "description", "events"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "events" in self.fields:
            events: Any = self.fields["events"]
            events.choices = grouped(sorted(event_names.known()))
        if "target_url" in self.fields:
            self.fields["target_url"].widget.attrs["dir"] = "ltr"

    def clean_target_url(self) -> str:
        url: str = self.cleaned_data["target_url"]
        try:
            address.check(url)
        except address.RefusedAddress as error:
            raise ValidationError(str(error)) from error
        return url


class RotateForm(forms.Form):
    hours = forms.IntegerField(
        label=gettext_lazy("Hours that both secrets sign"),
        min_value=0,
        max_value=168,
        initial=24,
        help_text=gettext_lazy("Time to give the receiver the new one. 0: the old stops at once."),
    )


class ReplayForm(forms.Form):
    begins = fields.MomentField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("Events since this moment; 30 days are kept."),
    )
    ends = fields.MomentField(
        label=gettext_lazy("Until"), help_text=gettext_lazy("Events before this moment.")
    )
    only_failed = forms.BooleanField(
        label=gettext_lazy("Only what was given up"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Off: everything that it listens to now, also what it has had already."
        ),
    )


@admin.register(WebhookEndpoint)
class WebhookEndpointPage(actions.KillSwitch, base.ProjectAdmin):
    icon = "globe"
    form = EndpointForm
    importable = False
    list_display = [
        "name",
        display.text_ltr("target_url"),
        "state",
        "num_events",
        display.when("created_at"),
    ]
    list_filter = ["active"]
    search_fields = ["description__istartswith", "target_url__startswith", "public_id__startswith"]
    ordering = ["-created_at", "-pk"]
    page_buttons = ["send_test", "replay", "rotate"]
    fieldsets = [
        (gettext_lazy("Receiver"), {"fields": ["target_url", "description"]}),
        (gettext_lazy("Told of"), {"fields": ["events"]}),
    ]

    @admin.display(description=gettext_lazy("Webhook"))
    def name(self, obj: WebhookEndpoint) -> str:
        return obj.description or obj.public_id

    @admin.display(description=gettext_lazy("State"))
    def state(self, obj: WebhookEndpoint) -> Any:
        return state_of(obj)

    @admin.display(description=gettext_lazy("Events"))
    def num_events(self, obj: WebhookEndpoint) -> Any:
        return display.integer(len(obj.events))

    def page_status(self, request: HttpRequest, obj: WebhookEndpoint) -> Any:
        return state_of(obj)

    def page_figures(self, request: HttpRequest, obj: WebhookEndpoint) -> list[tuple[Any, Any]]:
        week = Q(created_at__gte=clock.now() - timedelta(days=7))
        counts = obj.deliveries.filter(week).aggregate(
            **{
                status.value: Count("pk", filter=Q(status=status.value))
                for status in DeliveryStatus
            }
        )
        return [
            (_("Delivered, 7 days"), display.integer(counts["DELIVERED"])),
            (_("Waiting"), display.integer(counts["PENDING"])),
            (_("Given up"), display.integer(counts["DEAD"])),
            (_("Id"), display.code_of(obj.public_id)),
        ]

    def page_links(self, request: HttpRequest, obj: WebhookEndpoint) -> list[tuple[Any, str]]:
        url = reverse("admin:core_webhookdelivery_changelist")
        return [
            (_("All its deliveries"), f"{url}?endpoint__id__exact={obj.pk}"),
            (_("What was given up"), f"{url}?endpoint__id__exact={obj.pk}&status__exact=DEAD"),
        ]

    def page_panels(self, request: HttpRequest, obj: WebhookEndpoint) -> list[tuple[Any, Any]]:
        newest = obj.deliveries.select_related("event").defer("event__data", "body")
        rows = [
            (
                display.code_link(delivery, delivery.event.type),
                display.badge_of(delivery.status, DELIVERY_TONES, delivery.get_status_display()),
                answer_of(delivery),
                display.when_of(delivery.created_at),
            )
            for delivery in newest.order_by("-pk")[:SHOWN]
        ]
        heads = [_("Event"), _("Status"), _("Last answer"), _("Since")]
        return [(_("Sent last"), display.table(heads, rows) if rows else _("Nothing yet."))]

    def page_notice(self, request: HttpRequest, obj: WebhookEndpoint) -> SafeString | None:
        del request
        return _notices(obj)

    def save_model(self, request: Any, obj: WebhookEndpoint, form: Any, change: bool) -> None:
        data = form.cleaned_data
        if change:
            saved = webhooks.update(project=request.project, endpoint=obj, data=data)
            base.become(obj, saved)
            return
        issued = webhooks.create(project=request.project, **data)
        base.become(obj, issued.endpoint)
        vars(obj)["shown_secret"] = issued.secret

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponseBase:
        del post_url_continue
        return self._shown(request, obj, obj.shown_secret)

    def _shown(self, request: HttpRequest, obj: WebhookEndpoint, secret: str) -> TemplateResponse:
        intro = _("Copy the secret now. It is not shown again; you can always make a new one.")
        return keys.shown_once(self, request, obj, [(_("Signing secret"), secret)], intro=intro)

    def delete_model(self, request: Any, obj: WebhookEndpoint) -> None:
        webhooks.delete(project=request.project, endpoint=obj)

    def delete_queryset(self, request: Any, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset:
            self.delete_model(request, endpoint)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """With their deliveries, counted and not listed: there may be very many."""
        count = sum(endpoint.deliveries.count() for endpoint in objs)
        counts = {
            WebhookEndpoint._meta.verbose_name_plural: len(objs),
            _("webhook deliveries"): count,
        }
        return [str(row) for row in objs], counts, set(), []

    def switch(self, request: Any, obj: WebhookEndpoint, *, on: bool) -> None:
        webhooks.update(project=request.project, endpoint=obj, data={"active": on})

    def switch_effects(
        self, request: HttpRequest, queryset: QuerySet[Any], *, on: bool
    ) -> list[str]:
        if on:
            return [_("Events from now on are sent, and what waits from before.")]
        return [_("Nothing is sent any more. What happens meanwhile is not kept for it.")]

    @actions.button(
        gettext_lazy("Send a test"), icon="send", confirm=True, when=is_on, primary=True
    )
    def send_test(self, request: Any, obj: WebhookEndpoint, data: dict[str, Any]) -> Any:
        del data
        delivery = webhooks.send_test(project=request.project, endpoint=obj, at=clock.now())
        return HttpResponseRedirect(display.url_of(delivery))

    def send_test_effects(self, request: HttpRequest, obj: WebhookEndpoint) -> list[Any]:
        del request
        says = _("An event webhook.tested is sent to {url}, and its page shows the answer.")
        return [format_html(says, url=display.ltr(obj.target_url))]

    @actions.button(gettext_lazy("Send again"), icon="history", form=ReplayForm, when=is_on)
    def replay(self, request: Any, obj: WebhookEndpoint, data: dict[str, Any]) -> AsyncAction:
        return webhook_replays.start(project=request.project, endpoint=obj, at=clock.now(), **data)

    @actions.button(gettext_lazy("New secret"), icon="refresh-cw", form=RotateForm)
    def rotate(self, request: Any, obj: WebhookEndpoint, data: dict[str, Any]) -> TemplateResponse:
        issued = webhooks.rotate(
            project=request.project,
            endpoint=obj,
            at=clock.now(),
            keep_old_for=timedelta(hours=data["hours"]),
        )
        return self._shown(request, issued.endpoint, issued.secret)


def _notices(endpoint: WebhookEndpoint) -> SafeString | None:
    """What is wrong and what to do, in sentences; None where nothing is."""
    if endpoint.active and endpoint.failing_since is not None:
        fails = _("Every attempt since {since} failed. If that goes on, it is turned off {end}.")
        ends = endpoint.failing_since + schedule.DISABLE_AFTER
        wrong = format_html(
            fails, since=display.when_of(endpoint.failing_since), end=display.when_of(ends)
        )
        advice = _("Look at the answers below, repair the receiver and send a test.")
    elif endpoint.disabled_reason in {DisabledReason.GONE, DisabledReason.FAILING}:
        why = endpoint.get_disabled_reason_display()
        wrong = format_html(_("It was turned off: {why}."), why=why)
        advice = _("Repair the receiver, enable the webhook and send again what it has missed.")
    else:
        return None
    icon = display.icon("triangle-alert")
    items = format_html_join("", "<li>{}<span>{}</span></li>", ((icon, wrong), (icon, advice)))
    return format_html('<ul class="say">{}</ul>', items)
