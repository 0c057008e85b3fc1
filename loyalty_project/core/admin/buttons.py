"""Acts on one object: a POST with a permission that calls one service, offered on its page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from loyalty_project.core import locks
from loyalty_project.core.admin import once
from loyalty_project.core.admin.access import RoleAdmin
from loyalty_project.core.admin.confirming import error_text, progress_url
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.models import AsyncAction

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Button:
    """How a method of an admin is offered on the change page."""

    label: Text
    icon: str
    permission: str
    form: type[forms.Form] | None
    when: Callable[[Any], bool]
    danger: bool
    confirm: bool
    primary: bool

    @property
    def asks_first(self) -> bool:
        return self.confirm or self.form is not None


def button(
    label: Text,
    *,
    icon: str = "chevron-right",
    permission: str = "change",
    form: type[forms.Form] | None = None,
    when: Callable[[Any], bool] = bool,
    danger: bool = False,
    confirm: bool = False,
    primary: bool = False,
) -> Callable[[Any], Any]:
    """Offer `method(self, request, obj, data)` on the page of `obj`.

    It returns a sentence to show, an AsyncAction to watch, a response, or None.
    """

    def mark(method: Any) -> Any:
        method.button = Button(label, icon, permission, form, when, danger, confirm, primary)
        return method

    return mark


class PageButtons(RoleAdmin):
    """Serves `page_buttons`, names of methods that are marked by `button`."""

    page_buttons: Sequence[str] = ()

    def get_button_names(self, obj: Any) -> Sequence[str]:
        del obj
        return self.page_buttons

    def get_page_buttons(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:
        """The buttons that the person may press now, for the head of the page."""
        found = []
        for name in self.get_button_names(obj):
            spec: Button = getattr(self, name).button
            if spec.when(obj) and self.may_act(request, spec.permission, obj):
                url = reverse(self._button_route(), args=[obj.pk, name])
                found.append({"spec": spec, "url": url, "name": name})
        return found

    def _button_route(self) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_do"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.button_view)
        name = self._button_route().removeprefix("admin:")
        return [path("<path:object_id>/do/<slug:name>/", view, name=name), *super().get_urls()]

    def button_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponseBase:
        obj = self.get_object(request, unquote(object_id))
        if obj is None or name not in self.get_button_names(obj):
            raise Http404
        method = getattr(self, name)
        spec: Button = method.button
        if not self.may_act(request, spec.permission, obj):
            raise PermissionDenied
        if not spec.when(obj):
            messages.warning(request, _("This is not possible any more; the page shows why."))
            return HttpResponseRedirect(self._page_of(obj))
        form = spec.form(request.POST or None, request.FILES or None) if spec.form else None
        if request.method != "POST" or (form is not None and not form.is_valid()):
            return self._ask(request, obj, name, form)
        if not once.is_first(request):
            return HttpResponseRedirect(self._page_of(obj))
        try:
            with locks.waiting():
                done = method(request, obj, form.cleaned_data if form else {})
        except LoyaltyError as error:
            return self._refused(request, obj, name, form, error)
        return self._after(request, obj, done)

    def _refused(
        self,
        request: HttpRequest,
        obj: Any,
        name: str,
        form: forms.Form | None,
        error: LoyaltyError,
    ) -> HttpResponseBase:
        if form is None:
            messages.error(request, error_text(error))
            return HttpResponseRedirect(self._page_of(obj))
        field = error.extra.get("field")
        form.add_error(field if field in form.fields else None, error_text(error))
        return self._ask(request, obj, name, form)

    def _after(self, request: HttpRequest, obj: Any, done: Any) -> HttpResponseBase:
        if isinstance(done, HttpResponseBase):
            return done
        if isinstance(done, AsyncAction):
            return HttpResponseRedirect(progress_url(done))
        if done:
            messages.success(request, done)
        return HttpResponseRedirect(self._page_of(obj))

    def _page_of(self, obj: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])

    def _ask(
        self, request: HttpRequest, obj: Any, name: str, form: forms.Form | None
    ) -> TemplateResponse:
        spec: Button = getattr(self, name).button
        says = getattr(self, f"{name}_effects", None)
        context = {
            **self.admin_site.each_context(request),
            "title": spec.label,
            "opts": self.opts,
            "original": obj,
            "form": form,
            "media": self.media + (form.media if form else forms.Media()),
            "effects": says(request, obj) if says else [],
            "danger": spec.danger,
            "verb": spec.label,
            "back": self._page_of(obj),
            "once": once.token(),
        }
        return TemplateResponse(request, "admin/confirm.html", context)
