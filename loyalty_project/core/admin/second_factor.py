"""The second step of signing in, and the page on which people turn it on and off."""

from base64 import b32encode
from typing import Any

import segno
from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from loyalty_project.core import clock, second_factor
from loyalty_project.core.admin.personal import back
from loyalty_project.core.models import RecoveryCode, User
from loyalty_project.core.services import second_factor as factors

WRONG = gettext_lazy(
    "This one-time password does not fit. Type the one that the app shows now; "
    "after several tries wait a minute."
)


class TokenForm(forms.Form):
    """Says the same for a wrong password, a used one and one that came too soon."""

    token = forms.CharField(
        label=gettext_lazy("One-time password"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        ),
        help_text=gettext_lazy("The six digits that your app shows now."),
    )


class StepForm(TokenForm):
    """Also takes a recovery code, which has letters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["token"]
        field.widget.attrs |= {"inputmode": "text", "autofocus": True}
        field.help_text = _("The six digits that your app shows now, or a recovery code.")


@never_cache
@sensitive_post_parameters()
def second_step_view(request: Any) -> HttpResponseBase:
    """After the password; without the frame, because the person is not in yet."""
    if second_factor.given(request):
        return HttpResponseRedirect(back(request))
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["token"]
        if factors.verify(user=request.user, token=token, at=clock.now()):
            second_factor.note_given(request)
            return HttpResponseRedirect(back(request))
        form.add_error("token", WRONG)
    context = {
        "title": _("Second step"),
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return TemplateResponse(request, "admin/second_step.html", context)


@never_cache
@sensitive_post_parameters()
def second_factor_view(request: Any) -> HttpResponseBase:
    """Turn it on with the first password of the app; another one renews codes or turns it off."""
    user: User = request.user
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = (_manage if user.second_factor_at else _turn_on)(request, form)
        if answer is not None:
            return answer
    if user.second_factor_at is None:
        return _page(request, form, **_how_to_set_up(user))
    left = RecoveryCode.objects.filter(user=user, used_at=None).count()
    return _page(request, form, since=user.second_factor_at, codes_left=left)


def _turn_on(request: Any, form: TokenForm) -> HttpResponseBase | None:
    codes = factors.confirm(user=request.user, token=form.cleaned_data["token"], at=clock.now())
    if not codes:
        form.add_error("token", WRONG)
        return None
    second_factor.note_given(request)
    return _show(request, codes)


def _manage(request: Any, form: TokenForm) -> HttpResponseBase | None:
    if not factors.verify(user=request.user, token=form.cleaned_data["token"], at=clock.now()):
        form.add_error("token", WRONG)
        return None
    if "renew" in request.POST:
        return _show(request, factors.renew_codes(user=request.user))
    if second_factor.needed(request):
        form.add_error(None, _("This project lets you in with a second factor only."))
        return None
    factors.remove(user=request.user)
    messages.success(request, _("The second factor is off. Your password alone signs you in."))
    return HttpResponseRedirect(reverse("admin:second_factor"))


def _show(request: HttpRequest, codes: list[str]) -> HttpResponseBase:
    """The codes, once; they are in no session and no log."""
    context = {
        **admin.site.each_context(request),
        "title": _("Recovery codes"),
        "codes": codes,
        "back": reverse("admin:second_factor"),
    }
    return TemplateResponse(request, "admin/recovery_codes.html", context)


def _how_to_set_up(user: User) -> dict[str, Any]:
    device = factors.begin(user=user)
    image = segno.make_qr(device.config_url, error="m").svg_inline(scale=4, border=4, light="#fff")
    return {"image": SafeString(image), "secret": b32encode(device.bin_key).decode()}


def _page(request: Any, form: TokenForm, **values: Any) -> HttpResponseBase:
    context = {
        **admin.site.each_context(request),
        "title": _("Second factor"),
        "form": form,
        "needed": second_factor.needed(request),
        **values,
    }
    return TemplateResponse(request, "admin/second_factor.html", context)
