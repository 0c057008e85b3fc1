"""Apology coupons: the list of what support gave, and the page on which one is issued."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.admin import promises, states
from campaigns.admin.apology_policy import policy_view
from campaigns.admin.resources import ApologyResource
from campaigns.models import Apology, ApologyPolicy, Voucher
from campaigns.queries import with_usage
from campaigns.sentences.words import number
from campaigns.services import apologies, apology_policies
from customers.admin import customer as customer_pages
from customers.models import Customer
from loyalty_project.core import access, clock, locks
from loyalty_project.core.admin import base, buttons, display, fields, once
from loyalty_project.core.admin.confirming import error_text
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.models import Project

ISSUE = gettext_lazy("Issue apology coupon")
USUAL_DAYS = 14
SHOWN = 10
REASON_SHOWN = 60


class ApologyForm(forms.Form):
    """Bounded by the policy of the project: what it does not allow is not asked for."""

    amount = fields.MoneyField(label=gettext_lazy("amount"), required=False)
    percent = fields.PercentField(label=gettext_lazy("percent"), required=False)
    days = forms.IntegerField(label=gettext_lazy("days until it ends"), min_value=1)
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=apologies.REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What went wrong. For your team only; kept with your name."),
    )

    def __init__(self, data: Any, *, policy: ApologyPolicy) -> None:
        super().__init__(data, initial={"days": min(USUAL_DAYS, policy.max_days)})
        self.fields["days"].widget.attrs["max"] = policy.max_days
        most = {
            "amount": display.money_of(policy.max_amount),
            "percent": display.percent_of(policy.max_percent),
            "days": display.integer(policy.max_days),
        }
        for name, highest in most.items():
            self.fields[name].help_text = format_html(_("At most {}."), highest)
        if policy.max_amount and policy.max_percent:
            text = format_html(_("Instead of the amount; at most {}."), most["percent"])
            self.fields["percent"].help_text = text
        for name in ("amount", "percent"):
            if not getattr(policy, f"max_{name}"):
                del self.fields[name]

    def wish(self) -> apologies.Wish:
        return apologies.Wish(**self.cleaned_data)


@admin.register(Apology)
class ApologyAdmin(base.ReadOnlyAdmin):
    icon = "gift"
    resource_classes = [ApologyResource]
    list_display = [
        display.code("voucher.code", gettext_lazy("Code")),
        display.link("customer"),
        "given",
        "agent",
        "said",
        display.when("created_at", gettext_lazy("When")),
    ]
    list_select_related = ["voucher", "customer", "agent"]
    list_filter = ["agent", "created_at"]
    search_fields = ["voucher__code_key__startswith", "customer__search_name"]
    ordering = ["-created_at", "-pk"]
    fields = [
        display.link("voucher"),
        display.link("customer"),
        "given",
        "agent",
        "reason",
        display.code("public_id"),
        display.when("created_at", gettext_lazy("When")),
    ]
    readonly_fields = fields

    @admin.display(description=gettext_lazy("Discount"))
    def given(self, obj: Apology) -> Any:
        if obj.amount is not None:
            return display.money_of(obj.amount)
        return display.percent_of(obj.percent)

    @admin.display(description=gettext_lazy("Reason"))
    def said(self, obj: Apology) -> Any:
        return format_html('<bdi class="note">{}</bdi>', Truncator(obj.reason).chars(REASON_SHOWN))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("policy/", view(policy_view), name="campaigns_apology_policy"),
            path("issue/<int:customer>/", view(issue_view), name="campaigns_apology_issue"),
            *super().get_urls(),
        ]


def issue_view(request: Any, customer: int) -> HttpResponseBase:
    """The page on which an agent gives a customer a code."""
    if request.project is None or not access.can(request.user, "issue", Apology):
        raise PermissionDenied
    person = Customer.objects.filter(pk=customer, anonymized_at=None).first()
    if person is None:
        raise Http404
    policy = apology_policies.of_project(project=request.project)
    form = ApologyForm(request.POST or None, policy=policy)
    if request.method == "POST" and form.is_valid():
        if not once.is_first(request):
            return HttpResponseRedirect(display.url_of(person))
        code = _issue(request, person, form)
        if code is not None:
            text = _("The code %(code)s is given to the customer. It is shown below.")
            messages.success(request, text % {"code": code})
            return HttpResponseRedirect(display.url_of(person))
    context = {
        **admin.site.each_context(request),
        "title": ISSUE,
        "opts": Customer._meta,
        "original": person,
        "form": form,
        "media": form.media,
        "effects": _effects(request.project, policy, request.user),
        "danger": False,
        "verb": ISSUE,
        "back": display.url_of(person),
        "once": once.token(),
    }
    return TemplateResponse(request, "admin/confirm.html", context)


def _issue(request: Any, person: Customer, form: ApologyForm) -> str | None:
    """The code; None where it was refused, which is said at the form."""
    try:
        with locks.waiting():
            apology = apologies.issue(
                project=request.project,
                customer=person,
                wish=form.wish(),
                agent=request.user,
                at=clock.now(),
            )
    except LoyaltyError as error:
        field = error.extra.get("field")
        form.add_error(field if field in form.fields else None, error_text(error))
        return None
    return str(apology.voucher.code)


def _effects(project: Project, policy: ApologyPolicy, agent: Any) -> list[str]:
    said = [_("A code for one use is made, which only this customer can redeem.")]
    if not policy.max_amount and not policy.max_percent:
        said.append(_("Your project allows neither amounts nor percents: ask a marketer."))
    if policy.daily_count is not None:
        given = apologies.given_today(project=project, agent=agent, at=clock.now())
        left = max(0, policy.daily_count - given.count)
        text = ngettext("You can issue %(n)s code today.", "You can issue %(n)s codes today.", left)
        said.append(text % {"n": number(left)})
    return said


def _button(request: HttpRequest, customer: Customer) -> list[dict[str, Any]]:
    if not access.can(request.user, "issue", Apology):
        return []
    spec = buttons.Button(
        ISSUE, "gift", "issue", ApologyForm, bool, danger=False, confirm=False, primary=False
    )
    url = reverse("admin:campaigns_apology_issue", args=[customer.pk])
    return [{"spec": spec, "url": url, "name": "apology"}]


def _codes(request: HttpRequest, customer: Customer) -> list[tuple[Any, Any]]:
    """The codes that the customer was given last, for who may see codes."""
    if not access.can(request.user, "view", Voucher):
        return []
    held: QuerySet[Voucher] = Voucher.objects.filter(holder=customer, deleted_at=None)
    rows = list(
        with_usage(held)
        .select_related("campaign__category", "category", "definition", "holder")
        .order_by("-created_at", "-pk")[:SHOWN]
    )
    promises.look_up(rows)
    table = display.table(
        [_("Code"), _("State"), _("Discount"), _("Ends")],
        [
            (
                display.link_to(row, display.code_of(row.code)),
                states.state(row),
                states.discount(row),
                display.when_of(row.expires_at),
            )
            for row in rows
        ],
    )
    return [(_("Codes"), table if rows else _("None was given to this customer."))]


customer_pages.BUTTONS.append(_button)
customer_pages.PANELS.append(_codes)
