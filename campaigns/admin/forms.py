"""The form of campaigns: what people type, as the body that the service takes."""

import re
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.admin.assignments import RulesForm
from campaigns.admin.bounds import BoundsForm
from campaigns.admin.discounts import DiscountForm
from campaigns.admin.gifts import GiftForm
from campaigns.admin.windows import WindowForm
from campaigns.models import Campaign, CampaignType, PoolType, VoucherType
from campaigns.services.generation import MAX_COUNT
from loyalty_project.core import codes

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHARSETS = [
    ("ABCDEFGHJKMNPQRSTUVWXYZ23456789", _("Capital letters and digits without 0 O 1 I L")),
    (f"0123456789{CAPITALS}", _("Capital letters and digits")),
    (codes.ALPHANUMERIC, _("All letters and digits")),
    ("0123456789", _("Digits")),
    (CAPITALS, _("Capital letters")),
]
KINDS_OF_CODES = [
    (PoolType.STATIC, _("Unique codes, a fixed number")),
    (PoolType.AUTO_UPDATE, _("Unique codes, and more as they are published")),
    (PoolType.STANDALONE, _("One public code for everybody")),
]
# Codes run left to right in every language.
CODE = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
_DAYS = re.compile(r"P(\d{1,4})D")


def preview(help_text: Any) -> SafeString:
    """The help, and where static/wafa/campaign.js shows an example and the room."""
    return format_html(
        '{} <output class="code-preview" data-example="{}" data-room="{}"></output>',
        help_text,
        gettext("Example: {code}"),
        gettext("room for {count} codes"),
    )


def merging(form: forms.ModelForm) -> dict[str, Any]:
    """The metadata of a form as an update that also removes what is gone from it."""
    gone = dict.fromkeys(form.initial.get("metadata") or {})
    return {**gone, **(form.cleaned_data.get("metadata") or {})}


CODES = ("count", "pattern", "charset", "code_prefix", "public_code")
# What promotions, which have tiers instead, are not asked for.
OF_CODES = {
    *DiscountForm.base_fields,
    *GiftForm.base_fields,
    *CODES,
    "type",
    "redemption_limit",
    "join_once",
    "lifetime_days",
}


class CampaignForm(DiscountForm, GiftForm, WindowForm, BoundsForm, RulesForm):
    """A campaign of codes or gift cards, or a promotion; what it is, is chosen once."""

    count = forms.IntegerField(
        label=_("how many codes"),
        required=False,
        min_value=0,
        max_value=MAX_COUNT,
        initial=1000,
        localize=True,
        help_text=_("Made in the background; more can be added later."),
    )
    pattern = forms.CharField(
        label=_("pattern"),
        required=False,
        max_length=128,
        initial="########",
        widget=forms.TextInput(attrs=CODE),
        help_text=_("Each # becomes one random character, e.g. SUMMER-####-##."),
    )
    charset = forms.ChoiceField(
        label=_("characters"), choices=CHARSETS, required=False, help_text=_("What # may become.")
    )
    code_prefix = forms.CharField(
        label=_("prefix"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs=CODE),
        help_text=_("Before every code."),
    )
    public_code = forms.CharField(
        label=_("the code"),
        required=False,
        max_length=128,
        widget=forms.TextInput(attrs=CODE),
        help_text=_("What everybody types, e.g. BLACKFRIDAY."),
    )
    redemption_limit = forms.IntegerField(
        label=_("uses per code"),
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        initial=1,
        localize=True,
        help_text=_("How often one code can be used. Empty: without limit."),
    )
    lifetime_days = forms.IntegerField(
        label=_("lifetime of a code"),
        required=False,
        min_value=1,
        max_value=9999,
        help_text=_("Days from its publication, instead of the campaign's end. Empty: none."),
    )

    class Meta:
        model = Campaign
        # the page adds the others, in the scope of a project
        fields = ["campaign_type", "name", "type"]
        widgets = {"campaign_type": forms.RadioSelect, "type": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            pattern = self.fields["pattern"]
            pattern.help_text = preview(pattern.help_text)
            self.fields["campaign_type"].required = False
            self.fields["type"].widget.choices = KINDS_OF_CODES
        if self.instance.pk:
            self._read_stored()
        elif self._is_promotion():
            for name in OF_CODES & set(self.fields):
                self.fields[name].required = False
        elif self._gives_cards():
            for name in DiscountForm.base_fields:
                self.fields[name].required = False

    def _kind(self) -> str | None:
        if self.instance.pk:
            return str(self.instance.campaign_type)
        return self.data.get("campaign_type")

    def _is_promotion(self) -> bool:
        return self._kind() == CampaignType.PROMOTION

    def _gives_cards(self) -> bool:
        return self._kind() == CampaignType.GIFT_VOUCHERS

    def discount(self) -> dict[str, Any] | None:
        return None if self._gives_cards() else super().discount()

    def _read_stored(self) -> None:
        campaign = self.instance
        if self._is_promotion():
            for name in OF_CODES & set(self.fields):
                del self.fields[name]
            self.read_window(campaign)
            self.read_bounds(campaign)
            return
        template = campaign.voucher_template or {}
        if self._gives_cards():
            self.read_gift(template["gift"])
            self.leave_out(DiscountForm)
        else:
            self.read_discount(template.get("discount") or {})
            self.leave_out(GiftForm)
        self.read_window(campaign)
        self.read_bounds(campaign)
        for name in CODES:
            del self.fields[name]
        self.initial["redemption_limit"] = (template.get("redemption") or {}).get("quantity")
        text = campaign.activity_duration_after_publishing
        days = _DAYS.fullmatch(text)
        if text and days is None:
            self.hide("lifetime_days")
        self.initial["lifetime_days"] = int(days[1]) if days else None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self._is_promotion():
            # Their sections are out of sight.
            for name in OF_CODES & set(self.errors):
                del self.errors[name]
            return cleaned
        if self._gives_cards():
            self.check_gift_alone()
        else:
            self.check_discount()
        if self.cleaned_data.get("type") == PoolType.STANDALONE:
            if not self.cleaned_data.get("public_code"):
                self.add_error("public_code", _("Type the code."))
        elif "pattern" in self.fields and not self.cleaned_data.get("pattern"):
            self.add_error("pattern", _("Say how the codes look."))
        return cleaned

    def body(self) -> dict[str, Any]:
        """The published body of a new campaign, or of its change."""
        data = self.cleaned_data
        body: dict[str, Any] = {
            "description": data.get("description"),
            "start_date": data.get("starts_at"),
            "expiration_date": data.get("expires_at"),
            "category_id": data["category"].public_id if data.get("category") else None,
            "metadata": merging(self),
            "owner": data.get("owner"),
            **self.window(),
            **self.bounds(),
        }
        if not self.instance.pk:
            body |= {
                "campaign_type": data.get("campaign_type") or CampaignType.DISCOUNT_COUPONS,
                "name": data["name"],
                "active": data.get("active", True),
            }
        if self._is_promotion():
            return {**body, **self._first_tier()}
        return {**body, **self._of_codes()}

    def _first_tier(self) -> dict[str, Any]:
        """The discount of a recipe, which was filled in where codes have theirs."""
        if self.instance.pk or self.made is None:
            return {}
        tier = {"name": str(self.made.title), "action": {"discount": dict(self.made.discount)}}
        return {"promotion": {"tiers": [tier]}}

    def _of_codes(self) -> dict[str, Any]:
        data = self.cleaned_data
        body: dict[str, Any] = {
            "join_once": data.get("join_once", False),
            "voucher": {"redemption": {"quantity": data.get("redemption_limit")}},
        }
        if not self.is_hidden("lifetime_days"):
            days = data.get("lifetime_days")
            body["activity_duration_after_publishing"] = f"P{days}D" if days else None
        if self._gives_cards():
            body["voucher"]["gift"] = self.gift()
            law = data.get("jurisdiction")
            body["jurisdiction"] = law.public_id if law else None
        elif self.discount():
            body["voucher"]["discount"] = self.discount()
        return body if self.instance.pk else {**body, **self._codes(body)}

    def _codes(self, body: dict[str, Any]) -> dict[str, Any]:
        data = self.cleaned_data
        kind = VoucherType.GIFT_VOUCHER if self._gives_cards() else VoucherType.DISCOUNT_VOUCHER
        voucher = {**body["voucher"], "type": kind.value}
        if data["type"] == PoolType.STANDALONE:
            voucher["code"] = data["public_code"].strip()
        else:
            voucher["code_config"] = {
                "pattern": data.get("pattern"),
                "charset": data.get("charset"),
                "prefix": data.get("code_prefix"),
            }
        return {
            "type": data["type"],
            "vouchers_count": data.get("count") or 0,
            "voucher": voucher,
        }
