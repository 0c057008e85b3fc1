"""List actions that ask first, on a page that says in numbers what will happen."""

import functools
from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext

from loyalty_project.core import locks
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.models import AsyncAction

Text = str | Promise


def error_text(error: LoyaltyError) -> str:
    return error.details or str(error.explanation) or error.message


def progress_url(action: AsyncAction) -> str:
    return reverse("admin:core_asyncaction_change", args=[action.pk])


def confirmed(
    label: Text, *, permission: str = "change", danger: bool = False
) -> Callable[[Any], Any]:
    """A list action that asks first: `method(self, request, queryset)` runs after the page.

    `<name>_effects(self, request, queryset)` says what will happen. The method returns a sentence,
    an AsyncAction to watch, or None.
    """

    def mark(method: Any) -> Any:
        @admin.action(description=cast(str, label))
        @functools.wraps(method)
        def action(self: Any, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
            if request.POST.get("confirmed") != "yes":
                return _ask_for_many(
                    self, request, queryset, name=method.__name__, label=label, danger=danger
                )
            return _run_for_many(self, request, queryset, method)

        vars(action)["asks_for"] = permission
        return action

    return mark


def _run_for_many(
    owner: Any, request: HttpRequest, queryset: QuerySet[Any], method: Any
) -> HttpResponse | None:
    try:
        with locks.waiting():
            done = method(owner, request, queryset)
    except LoyaltyError as error:
        owner.message_user(request, error_text(error), messages.ERROR)
        return None
    if isinstance(done, AsyncAction):
        return HttpResponseRedirect(progress_url(done))
    if done:
        owner.message_user(request, done, messages.SUCCESS)
    return None


def _ask_for_many(
    owner: Any,
    request: HttpRequest,
    queryset: QuerySet[Any],
    *,
    name: str,
    label: Text,
    danger: bool,
) -> TemplateResponse:
    count = queryset.count()
    says = getattr(owner, f"{name}_effects", None)
    chosen = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
    context = {
        **owner.admin_site.each_context(request),
        "title": label,
        "opts": owner.opts,
        "media": owner.media,
        "subtitle": ngettext("%(n)s selected", "%(n)s selected", count) % {"n": count},
        "examples": list(queryset[:5]),
        "more": max(0, count - 5),
        "effects": says(request, queryset) if says else [],
        "danger": danger,
        "verb": label,
        "back": request.get_full_path(),
        "hidden": [
            *((helpers.ACTION_CHECKBOX_NAME, pk) for pk in chosen),
            ("action", name),
            ("select_across", request.POST.get("select_across", "0")),
            ("index", request.POST.get("index", "0")),
        ],
    }
    return TemplateResponse(request, "admin/confirm.html", context)
