"""What stands around every page: projects, navigation by job, languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.text import capfirst

from loyalty_project.core import active_project

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the sidebar: the list of `model` ("app.Model"), or the page named `url`.

    `permission` ("app.codename") is what a page asks for; lists know by themselves.
    """

    model: str = ""
    icon: str = "circle"
    label: Text = ""
    url: str = ""
    permission: str = ""
    superuser: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    label: Text
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry that this person may open."""

    label: Text
    url: str
    icon: str
    current: bool


def admin_of(model: str) -> admin.ModelAdmin | None:
    """The registered admin of "app.Model", None where the app or its admin does not exist."""
    try:
        return admin.site.get_model_admin(apps.get_model(model))
    except (LookupError, NotRegistered):
        return None


def _line(entry: Entry, request: HttpRequest) -> Line | None:
    if entry.superuser and not request.user.is_superuser:
        return None
    if entry.permission and not request.user.has_perm(entry.permission):
        return None
    if not entry.model:
        url = reverse(entry.url)
        return Line(entry.label, url, entry.icon, request.path == url)
    owner = admin_of(entry.model)
    if owner is None or not owner.has_module_permission(request):
        return None
    try:
        url = reverse(f"admin:{owner.opts.app_label}_{owner.opts.model_name}_changelist")
    except NoReverseMatch:
        return None
    label = entry.label or str(capfirst(owner.opts.verbose_name_plural))
    below = request.path.startswith(url) and request.path not in _pages()
    return Line(label, url, entry.icon, below)


def _pages() -> set[str]:
    """Addresses with a line of their own, though they may lie below those of a list."""
    sections = import_string(settings.WAFA_SIDEBAR)
    return {reverse(entry.url) for section in sections for entry in section.entries if entry.url}


def navigation(request: HttpRequest) -> list[tuple[Text, list[Line]]]:
    """The sections of `settings.WAFA_SIDEBAR` with what this person may open."""
    made = []
    for section in import_string(settings.WAFA_SIDEBAR):
        lines = [line for entry in section.entries if (line := _line(entry, request))]
        if lines:
            made.append((section.label, lines))
    return made


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor; lazy, because most templates outside the admin ask for none of it."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return {
        "project": getattr(request, "project", None),
        "projects": SimpleLazyObject(lambda: active_project.choices(user) if known else []),
        "navigation": SimpleLazyObject(lambda: navigation(request) if known else []),
        "languages": settings.LANGUAGES,
    }
