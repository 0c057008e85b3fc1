"""The page on which goods of an order come back: what, then what that gives back, then done."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty_project.core import access, clock, locks
from loyalty_project.core.admin import buttons, display, fields
from loyalty_project.core.admin.confirming import error_text
from loyalty_project.core.errors import LoyaltyError
from redemptions.admin import facts
from redemptions.models import Order, OrderReturn, OrderStatus
from redemptions.queries import returns as past_returns
from redemptions.services import returns

TAKE = gettext_lazy("Take a return")
UNITS = "units-"


class ReturnForm(forms.Form):
    """Units of each line, an amount beside them or everything, and why."""

    amount = fields.MoneyField(
        label=gettext_lazy("amount"),
        required=False,
        help_text=gettext_lazy(
            "Of what is not a whole unit, such as shipping or a damaged part; before discounts."
        ),
    )
    everything = forms.BooleanField(
        label=gettext_lazy("everything that is left"),
        required=False,
        help_text=gettext_lazy("The order is canceled then; units and amount need not be filled."),
    )
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=500,
        help_text=gettext_lazy("Why it comes back; kept with it."),
    )


class UnitsForm(forms.Form):
    """How many units of each line come back."""

    def __init__(self, data: Any, *, order: Order) -> None:
        super().__init__(data)
        self.items = list(order.items.all())
        for item in self.items:
            self.fields[f"{UNITS}{item.public_id}"] = forms.IntegerField(
                min_value=0, max_value=item.quantity, required=False, initial=0
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines with their fields, for the table."""
        return [
            {
                "name": facts.item_name(item),
                "quantity": display.integer(item.quantity),
                "amount": display.money_of(item.amount),
                "field": self[f"{UNITS}{item.public_id}"],
            }
            for item in self.items
        ]


def _wish(form: ReturnForm, units: UnitsForm) -> returns.Wish:
    data, counts = form.cleaned_data, units.cleaned_data
    named = {item.public_id: counts[f"{UNITS}{item.public_id}"] for item in units.items}
    return returns.Wish(
        items=[{"id": name, "quantity": number} for name, number in named.items() if number],
        amount=data["amount"] or 0,
        everything=data["everything"],
        reason=data["reason"],
    )


def return_view(request: Any, order_id: int) -> HttpResponseBase:
    """Nothing is written before the amounts were seen, and only while they are still these."""
    if request.project is None or not access.can(request.user, "rollback", Order):
        raise PermissionDenied
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise Http404
    if order.status == OrderStatus.CANCELED:
        messages.warning(request, _("This order is canceled; nothing of it can be returned."))
        return HttpResponseRedirect(display.url_of(order))
    form, units = ReturnForm(request.POST or None), UnitsForm(request.POST or None, order=order)
    seen: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid() and units.is_valid():
        wish = _wish(form, units)
        try:
            seen = _seen(request, order, wish)
            if request.POST.get("confirmed") == seen["print"]:
                return _taken(request, order, wish)
            if request.POST.get("confirmed"):
                messages.warning(request, _("The amounts have changed. Look at them once more."))
        except LoyaltyError as error:
            _say(form, error)
            seen = {}
    context = {
        **admin.site.each_context(request),
        "title": TAKE,
        "opts": Order._meta,
        "original": order,
        "form": form,
        "lines": units.lines,
        "media": form.media,
        "back": display.url_of(order),
        **seen,
    }
    return TemplateResponse(request, "admin/redemptions/return.html", context)


def _say(form: ReturnForm, error: LoyaltyError) -> None:
    field = str(error.extra.get("field", ""))
    if field == "items":
        form.add_error(None, _("Say what comes back: units, an amount or everything."))
    else:
        form.add_error(field if field in form.fields else None, error_text(error))


def _seen(request: Any, order: Order, wish: returns.Wish) -> dict[str, Any]:
    found = returns.preview(project=request.project, reference=order.public_id, wish=wish)
    outcome = found.outcome
    shares = list(zip(found.redemptions, outcome.shares, strict=True))
    rows = [
        (
            facts.code(row),
            display.money_of(0 if share.pays else share.amount),
            display.money_of(share.amount if share.pays else 0),
        )
        for row, share in shares
    ]
    discount = outcome.amount - outcome.refund - outcome.credits
    figures = [
        (_("Value of the goods"), display.money_of(outcome.amount)),
        (_("Discount on them"), display.money_of(discount)),
        (_("Back to gift cards"), display.money_of(outcome.credits)),
        (_("Back in money"), display.money_of(outcome.refund)),
    ]
    headers = [_("Code"), _("Back to its budget and limits"), _("Back to the gift card")]
    amounts = [outcome.amount, outcome.refund, outcome.credits, int(found.gives_back)]
    amounts += [share.amount for _row, share in shares]
    return {
        "figures": figures,
        "shares": display.table(headers, rows) if rows else "",
        "effects": _effects(found),
        "print": "-".join(map(str, amounts)),
    }


def _effects(found: returns.Preview) -> list[str]:
    if found.gives_back:
        return [_("Nothing is left: the order is canceled and its codes can be used once more.")]
    if found.outcome.is_whole:
        return [_("Nothing is left: the order is canceled. Its codes stay used.")]
    return [_("The order stays; its codes stay used.")]


def _taken(request: Any, order: Order, wish: returns.Wish) -> HttpResponseBase:
    with locks.waiting():
        made = returns.take(
            project=request.project, reference=order.public_id, wish=wish, at=clock.now()
        )
    text = format_html(
        _("The return is recorded. Pay {} back in money."), display.money_of(made.refund_amount)
    )
    messages.success(request, text)
    return HttpResponseRedirect(display.url_of(order))


def button(request: HttpRequest, order: Order) -> list[dict[str, Any]]:
    """The link to the page, for who may use it."""
    if order.status == OrderStatus.CANCELED or not access.can(request.user, "rollback", Order):
        return []
    spec = buttons.Button(
        TAKE, "undo-2", "rollback", ReturnForm, bool, danger=False, confirm=False, primary=False
    )
    url = reverse("admin:redemptions_order_return", args=[order.pk])
    return [{"spec": spec, "url": url, "name": "return"}]


def table(order: Order) -> Any:
    """What came back of an order, empty where nothing did."""
    rows: list[tuple[Any, ...]] = [
        (
            display.when_of(made.returned_at),
            display.money_of(made.amount),
            display.money_of(made.discount_amount),
            display.money_of(made.credits_amount),
            display.money_of(made.refund_amount),
            made.reason or display.EMPTY,
            facts.actor(made),
        )
        for made in _returns(order)
    ]
    headers = [
        _("When"),
        _("Value"),
        _("Discount"),
        _("Gift cards"),
        _("Money"),
        _("Reason"),
        _("By"),
    ]
    return display.table(headers, rows) if rows else ""


def _returns(order: Order) -> list[OrderReturn]:
    return list(past_returns.returns().filter(order=order).order_by("pk"))
