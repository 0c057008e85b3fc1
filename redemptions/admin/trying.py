"""The page "Try a cart": what a cart, a customer and codes would come to, and why."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from campaigns.models import PromotionTier
from customers.models import Customer
from loyalty_project.core import clock
from loyalty_project.core.admin import fields, moments
from loyalty_project.core.admin.actions import error_text
from loyalty_project.core.errors import LoyaltyError
from redemptions.admin import trial_words
from redemptions.context import Request, Wanted
from redemptions.models import Order
from redemptions.services import trials
from rewards.models import Product, Sku

ROWS = 5
MAX_CODES = 30
YEARS = range(2000, 2200)


def offer(form: forms.Form, name: str, rows: Any, model: Any) -> None:
    """Let a field choose among the rows, as the field of that name of a model does."""
    field: Any = form.fields[name]
    field.queryset = rows
    field.widget = AutocompleteSelect(model._meta.get_field(name), admin.site)
    field.widget.choices = field.choices


class CartForm(forms.Form):
    """Who buys what, with which codes, when and where; all of it stands in the address."""

    customer: Any = forms.ModelChoiceField(
        queryset=Customer.objects.none(),
        required=False,
        label=_("customer"),
        help_text=_("Empty: somebody whom nobody knows."),
    )
    codes = forms.CharField(
        label=_("codes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
        help_text=_("One per line. Promotion tiers by their public id."),
    )
    auto = forms.BooleanField(
        label=_("also what needs no code"),
        required=False,
        initial=True,
        help_text=_("Finds what saves most beside the codes, as a shop can ask for."),
    )
    amount = fields.MoneyField(
        label=_("amount of the order"),
        required=False,
        help_text=_("Of an order without products. Empty: the sum of the products."),
    )
    at = fields.MomentField(
        label=_("moment"), required=False, help_text=_("Empty: now. Counts are those of now.")
    )
    channel = forms.CharField(
        label=_("channel"), required=False, max_length=60, help_text=_("E.g. web, app or till.")
    )
    placement = forms.CharField(
        label=_("placement"), required=False, max_length=120, help_text=_("E.g. cart or product.")
    )
    metadata = fields.MetadataField(
        label=_("attributes of the order"),
        required=False,
        help_text=_("What your shop would send with the order, e.g. weather: rain."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "customer", Customer.objects.filter(anonymized_at=None), Order)

    def clean_codes(self) -> list[str]:
        codes = [line.strip() for line in self.cleaned_data["codes"].splitlines()]
        found = list(dict.fromkeys(code for code in codes if code))
        if len(found) > MAX_CODES:
            raise forms.ValidationError(_("At most 30 codes fit into one cart."))
        return found

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and at.year not in YEARS:
            days = {
                "first": moments.day(date(YEARS[0], 1, 1)),
                "last": moments.day(date(YEARS[-1], 12, 31)),
            }
            raise forms.ValidationError(
                _("Choose a moment from %(first)s to %(last)s."), params=days
            )
        return at


class LineForm(forms.Form):
    """One line of the cart."""

    product: Any = forms.ModelChoiceField(queryset=Product.objects.none(), required=False)
    quantity = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)
    price = fields.MoneyField(label=_("price"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "product", Product.objects.filter(deleted_at=None), Sku)

    def item(self) -> dict[str, Any] | None:
        """The order item on the wire."""
        data = self.cleaned_data
        if data.get("product") is None and data.get("price") is None:
            return None
        item: dict[str, Any] = {"quantity": data.get("quantity") or 1}
        if data.get("product") is not None:
            item |= {"product_id": data["product"].public_id, "related_object": "product"}
        if data.get("price") is not None:
            item["price"] = data["price"]
        return item


LineFormSet = forms.formset_factory(LineForm, extra=ROWS, max_num=20, absolute_max=20)


def try_view(request: HttpRequest) -> TemplateResponse:
    """The form, and below it what came of it; the address holds everything that was filled in."""
    if not request.user.has_perm("redemptions.view_redemption"):
        raise PermissionDenied
    asked = bool(request.GET)
    form = CartForm(request.GET if asked else None)
    lines = LineFormSet(request.GET if "items-TOTAL_FORMS" in request.GET else None, prefix="items")
    shown: dict[str, Any] = {}
    if asked and form.is_valid() and (not lines.is_bound or lines.is_valid()):
        shown = _tried(request, form, lines)
    context = {
        **admin.site.each_context(request),
        "title": _("Try a cart"),
        "form": form,
        "lines": lines,
        "media": form.media + lines.media,
        **shown,
    }
    return TemplateResponse(request, "admin/redemptions/try.html", context)


def _tried(request: Any, form: CartForm, lines: Any) -> dict[str, Any]:
    data = form.cleaned_data
    at = data["at"] or clock.now()
    try:
        trial = trials.run(
            project=request.project, request=_request(data, lines), auto=data["auto"], at=at
        )
    except LoyaltyError as error:
        return {"problem": error_text(error)}
    return {"trial": trial_words.of_trial(trial, request.project)}


def _request(data: dict[str, Any], lines: Any) -> Request:
    items = [line.item() for line in lines if lines.is_bound]
    items = [item for item in items if item is not None]
    order: dict[str, Any] = {"metadata": data["metadata"] or {}}
    if items:
        order["items"] = items
    if data["amount"] is not None:
        order["amount"] = data["amount"]
    told = {name: data[name] for name in ("channel", "placement") if data[name]}
    customer = data["customer"]
    return Request(
        redeemables=tuple(Wanted(_kind(code), code) for code in data["codes"]),
        order=order if items or data["amount"] is not None else None,
        customer=customer.public_id if customer is not None else None,
        context=told,
        explain=True,
    )


def _kind(reference: str) -> str:
    is_tier = PromotionTier.objects.filter(public_id=reference).exists()
    return "promotion_tier" if is_tier else "voucher"
