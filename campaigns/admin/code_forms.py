"""Forms of codes: what people type, as the bodies that the services take."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.admin.assignments import RulesForm
from campaigns.admin.discounts import DiscountForm
from campaigns.admin.forms import CODE, merging
from campaigns.admin.gifts import GiftForm, is_card
from campaigns.admin.own_limits import OwnLimitsForm
from campaigns.admin.windows import WindowForm
from campaigns.models import Voucher, VoucherType
from campaigns.services.generation import MAX_COUNT


class VoucherForm(DiscountForm, GiftForm, WindowForm, OwnLimitsForm, RulesForm):
    """A code or gift card of its own, or changes of any code."""

    voucher_type = forms.ChoiceField(
        label=_("kind"),
        choices=VoucherType.choices,
        initial=VoucherType.DISCOUNT_VOUCHER,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("What the code gives. Fixed once it is made."),
    )

    class Meta:
        model = Voucher
        widgets = {"code": forms.TextInput(attrs=CODE)}
        fields = ["code"]  # the page adds the others, in the scope of a project

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("code", None)
            del self.fields["voucher_type"]
            self._read_stored()
        elif self._is_card():
            for name in DiscountForm.base_fields:
                self.fields[name].required = False

    def _is_card(self) -> bool:
        if self.instance.pk:
            return is_card(self.instance)
        return self.data.get("voucher_type") == VoucherType.GIFT_VOUCHER

    def _read_stored(self) -> None:
        document = self.instance.definition.data
        if self._is_card():
            self.read_gift(document["gift"])
            self.leave_out(DiscountForm)
        else:
            self.read_discount(document.get("discount") or {})
            self.leave_out(GiftForm)
        self.read_window(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self._is_card():
            self.check_gift_alone()
        else:
            self.check_discount()
        return cleaned

    def body(self) -> dict[str, Any]:
        data = self.cleaned_data
        body: dict[str, Any] = {
            "start_date": data.get("starts_at"),
            "expiration_date": data.get("expires_at"),
            "category_id": data["category"].public_id if data.get("category") else None,
            "additional_info": data.get("additional_info"),
            "redemption": {"quantity": data.get("redemption_limit")},
            "metadata": merging(self),
            **self.window(),
            **self.own_limits(),
        }
        if not self.instance.pk:
            kind = data.get("voucher_type") or VoucherType.DISCOUNT_VOUCHER
            body |= {"type": str(kind), "active": data.get("active", True)}
        if self._is_card():
            gift = self.gift()
            body["gift"] = {"effect": gift["effect"]} if self.instance.pk else gift
        elif self.discount():
            body["discount"] = self.discount()
        return body


class ImportCodesForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "UTF-8 with the columns Code, Active and Category; any other column becomes an "
            "attribute. Codes that exist are changed."
        ),
    )


class AddCodesForm(forms.Form):
    count = forms.IntegerField(
        label=_("how many codes"),
        min_value=1,
        max_value=MAX_COUNT,
        localize=True,
        help_text=_("They look like those that are there and are made in the background."),
    )
