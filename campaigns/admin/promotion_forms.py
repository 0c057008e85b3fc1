"""Forms of promotion tiers and stacks, as the bodies that the services take."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns import queries
from campaigns.admin import promises, tiers
from campaigns.admin.assignments import RulesForm
from campaigns.admin.discounts import DiscountForm
from campaigns.admin.forms import merging
from campaigns.admin.own_limits import OwnLimitsForm
from campaigns.admin.sequences import Choice, SequenceField
from campaigns.admin.windows import WindowForm
from campaigns.models import Campaign, PromotionStack, PromotionTier
from campaigns.queries import promotions as promotion_queries
from loyalty_project.core.admin import lists


class TierForm(DiscountForm, WindowForm, OwnLimitsForm, RulesForm):
    """What a promotion gives without a code."""

    kind_is_fixed = False
    hierarchy = forms.IntegerField(
        label=_("hierarchy"),
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("A lower number is looked at first. Empty: after the other tiers."),
    )

    class Meta:
        model = PromotionTier
        fields = ["name"]  # the page adds the others, in the scope of a project

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["discount_type"].help_text = _("What the customer gets.")
        if self.instance.pk:
            self.fields.pop("campaign", None)
            self.read_discount(self.instance.definition.data["discount"])
            self.read_window(self.instance)
        else:
            self.initial["hierarchy"] = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.check_discount()
        return cleaned

    def body(self) -> dict[str, Any]:
        data = self.cleaned_data
        body: dict[str, Any] = {
            "name": data["name"],
            "banner": data.get("banner"),
            "hierarchy": data.get("hierarchy"),
            "start_date": data.get("starts_at"),
            "expiration_date": data.get("expires_at"),
            "category_id": data["category"].public_id if data.get("category") else None,
            "metadata": merging(self),
            **self.window(),
            **self.own_limits(),
        }
        if self.discount():
            body["action"] = {"discount": self.discount()}
        if not self.instance.pk:
            body["active"] = data.get("active", True)
        return body


class StackForm(forms.ModelForm):
    """Tiers of one promotion in a sequence. The promotion is chosen once."""

    sequence = SequenceField(
        label=_("tiers in their sequence"),
        help_text=_("Number those that belong to it: 1 is taken off first. Empty: not part of it."),
    )

    class Meta:
        model = PromotionStack
        fields = ["name"]  # the page adds the others, in the scope of a project

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sequence"]
        campaign = self._campaign()
        if isinstance(field, SequenceField):
            rows = list(promotion_queries.of_campaign(campaign)) if campaign else []
            promises.look_up(rows)
            field.offer([Choice(row.public_id, row.name, tiers.discount(row)) for row in rows])
        if campaign is None:
            field.help_text = _("Choose the promotion and save: its tiers appear here.")
        if self.instance.pk:
            self.fields.pop("campaign", None)
            places = self.instance.places.order_by("position").select_related("tier")
            self.initial["sequence"] = [place.tier.public_id for place in places]

    def _campaign(self) -> Campaign | None:
        if self.instance.pk:
            return self.instance.campaign
        asked = str(self.data.get("campaign") or self.initial.get("campaign") or "")
        if not lists.is_pk(asked):
            return None
        return queries.campaigns().filter(pk=asked).first()

    def body(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "name": data["name"],
            "tiers": {"ids": data["sequence"]},
            "category_id": data["category"].public_id if data.get("category") else None,
            "metadata": merging(self),
        }
