"""Limits that a single code or a promotion tier has beside those of its campaign, on its page.

A form inherits `OwnLimitsForm`, its page `OwnLimitsPage`, and one of its sections is LIMITS.
"""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.admin import bounds
from campaigns.admin.limit_fields import LimitsField
from campaigns.models import PromotionTier, Voucher
from campaigns.serializers.limit import limits_json
from loyalty_project.core.admin import display

LIMITS = (_("Limits"), {"fields": ["limits"]})


class OwnLimitsForm(forms.ModelForm):
    limits = LimitsField(
        label=_("limits"),
        help_text=_("It stays within each of them, and within those of its campaign."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["limits"] = limits_json(self.instance.limits.all())

    def own_limits(self) -> dict[str, Any]:
        """The member of the body; empty for who may not set it."""
        data = self.cleaned_data
        return {"limits": data["limits"]} if "limits" in data else {}


class OwnLimitsPage:
    """What is used of the limits and left, below the form; a mix-in of an admin."""

    def limits(self, obj: Voucher | PromotionTier) -> Any:
        """For those who only read: below is what is used as well."""
        return display.integer(obj.limits.count())

    def page_panels(self, request: HttpRequest, obj: Any) -> list[tuple[Any, Any]]:
        own: Any = super()
        return [*own.page_panels(request, obj), *bounds.panel(obj.limits.all())]

    def warn_of_limits(self, request: HttpRequest, obj: Voucher | PromotionTier) -> None:
        bounds.warn(request, obj.limits.all())
