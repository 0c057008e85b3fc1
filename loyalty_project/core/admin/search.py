"""The one search box of the frame: asks the list pages of a few models, by prefix."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string
from django.utils.text import capfirst

from loyalty_project.core.admin import display, frame

HITS = 5
MIN_LENGTH = 2


def search_view(request: HttpRequest) -> JsonResponse:
    """`{"groups": [{"label", "hits": [{"label", "hint", "url"}]}]}` for `?q=`."""
    term = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    groups = []
    if len(term) >= MIN_LENGTH:
        for name in import_string(settings.WAFA_SEARCHERS):
            hits = _hits(request, name, term)
            if hits:
                owner = frame.admin_of(name)
                label = capfirst(owner.opts.verbose_name_plural) if owner else name
                groups.append({"label": str(label), "hits": hits})
    return JsonResponse({"groups": groups})


def _hits(request: HttpRequest, name: str, term: str) -> list[dict[str, str]]:
    owner: Any = frame.admin_of(name)
    if owner is None or not owner.has_view_permission(request):
        return []
    rows, _duplicates = owner.get_search_results(request, owner.get_queryset(request), term)
    hint = getattr(owner, "search_hint", str)
    return [
        {"label": str(obj), "hint": str(hint(obj)), "url": display.url_of(obj)}
        for obj in rows[:HITS]
    ]
