"""What the page of a rule asks for while somebody works on it."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import ngettext

from campaigns.admin.builder import choices, documents, wording
from campaigns.admin.builder.drafts import mapping
from campaigns.engine.rules import InvalidCondition
from loyalty_project.core import strict_json


def choices_view(request: HttpRequest) -> JsonResponse:
    """`{"results": [{"value", "label", "hint"}]}` for `?kind=segment&q=vip`."""
    kind, term = request.GET.get("kind", ""), request.GET.get("q", "")
    return JsonResponse({"results": choices.find(user=request.user, kind=kind, term=term)})


def sentence_view(request: HttpRequest) -> JsonResponse:
    """What the drafts of a form say: `{"sentences", "unfinished", "problems"}`.

    Problems that are `missing` are of what was not typed yet.
    """
    drafts = {name: _draft(request.POST.get(name, "")) for name in documents.DRAFTS}
    closed = documents.closed(drafts, message="")
    try:
        sentences = wording.of_document(closed.document)
    except InvalidCondition:
        sentences = []
    return JsonResponse(
        {
            "sentences": sentences,
            "unfinished": _unfinished(closed.unfinished),
            "problems": {kind: found.as_json() for kind, found in closed.problems.items()},
        }
    )


def _draft(text: str) -> dict[str, Any]:
    try:
        return dict(mapping(strict_json.loads(text)))
    except strict_json.InvalidJson:
        return {}


def _unfinished(count: int) -> str:
    if not count:
        return ""
    text = ngettext("%(n)s value is missing.", "%(n)s values are missing.", count)
    return text % {"n": count}
