"""The page "Redeem": a person uses a code that they found, for a customer who is with them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from loyalty_project.core import clock
from loyalty_project.core.admin import currency, fields, once
from loyalty_project.core.admin.actions import error_text
from loyalty_project.core.errors import LoyaltyError
from redemptions.admin.trying import offer
from redemptions.context import Request, Wanted
from redemptions.models import Order, Redemption
from redemptions.services import redemptions


class RedeemForm(forms.Form):
    """What is used, by whom and for which order."""

    code = forms.CharField(
        label=_("code"),
        max_length=255,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
        help_text=_("As the customer has it."),
    )
    amount = fields.MoneyField(label=_("amount of the order"), help_text=_("Before the discount."))
    order = forms.CharField(
        label=_("order"),
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
        help_text=_("Its number in your shop. Empty: a new order without one."),
    )
    customer: Any = forms.ModelChoiceField(
        queryset=Customer.objects.none(),
        required=False,
        label=_("customer"),
        help_text=_("Empty: somebody whom nobody knows."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "customer", Customer.objects.filter(anonymized_at=None), Order)


def redeem_view(request: HttpRequest) -> HttpResponseBase:
    """Ask, then redeem as the API does and go to what was written."""
    if not request.user.has_perm("redemptions.add_redemption"):
        raise PermissionDenied
    form = RedeemForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    lists = reverse("admin:redemptions_redemption_changelist")
    if request.method == "POST" and form.is_valid():
        found: Any = request
        if not once.is_first(request):
            return HttpResponseRedirect(lists)
        try:
            done = redemptions.redeem(
                project=found.project, request=_request(form.cleaned_data), at=clock.now()
            )
        except LoyaltyError as error:
            # For people: what the published details say is for programs.
            form.add_error(None, str(error.explanation) or error_text(error))
        else:
            messages.success(request, _says(done))
            page = "admin:redemptions_redemption_change"
            return HttpResponseRedirect(reverse(page, args=[done.redemptions[0].pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Redeem a code"),
        "opts": Redemption._meta,
        "form": form,
        "media": form.media,
        "effects": [
            _("The code is used once more, within its limits and those of its campaign."),
            _("The order is stored with its discount; on the next page it can be rolled back."),
        ],
        "verb": _("Redeem"),
        "back": lists,
        "once": once.token(),
    }
    return TemplateResponse(request, "admin/confirm.html", context)


def _request(data: dict[str, Any]) -> Request:
    order: dict[str, Any] = {"amount": data["amount"]}
    if data["order"]:
        order["source_id"] = data["order"]
    customer = data["customer"]
    return Request(
        redeemables=(Wanted("voucher", data["code"].strip()),),
        order=order,
        customer=customer.public_id if customer is not None else None,
    )


def _says(done: redemptions.Redeemed) -> str:
    says = gettext("%(code)s is redeemed: %(amount)s are left to pay.")
    left = currency.current().text(done.order.total_amount or 0)
    return says % {"code": done.redemptions[0].voucher, "amount": left}
