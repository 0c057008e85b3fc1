"""The example beside a discount, while somebody fills in its form."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse

from campaigns.admin import example, recipes
from campaigns.admin.discounts import DiscountForm
from campaigns.models import ValidationRule
from loyalty_project.core import clock, strict_json, tenancy
from loyalty_project.core.admin import lists

PREFIX_MAX = 40


def view(request: HttpRequest) -> JsonResponse:
    """What the discount of a form gives on a cart, as JSON.

    `{"cart", "names", "lines", "on_order", "total", "why", "note", "gives", "problems"}`, where
    `prefix` is that of the form's fields, `cart` the lines as JSON; without one it is made up.
    Where the form is not finished there is no total, and `unfinished` is true.
    """
    prefix = request.POST.get("prefix", "")[:PREFIX_MAX]
    form = _Discount(request.POST, prefix=prefix or None)
    discount = form.discount() if form.is_valid() else None
    if discount is None:
        return JsonResponse({"unfinished": True})
    documents = _rules(request)
    typed = _cart(request.POST.get("cart", ""))
    found = _worked(discount, documents, typed) if typed else _made_up(discount, documents)
    return JsonResponse(found)


def _made_up(discount: Mapping[str, Any], documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """On a cart of ours, with as many units as it takes to see a discount."""
    cart = example.default_cart(documents, discount)
    found: dict[str, Any] = {}
    for count in example.COUNTS:
        found = _worked(discount, documents, example.with_more(cart, count))
        if found["gives"]:
            break
    return found


def _worked(
    discount: Mapping[str, Any], documents: Sequence[Mapping[str, Any]], typed: list[Any]
) -> dict[str, Any]:
    project, at = tenancy.current_project(), clock.now()
    cart = example.read_cart(project=project, typed=typed, at=at)
    found = {"cart": typed, "names": cart.names, "problems": cart.problems.as_json()}
    if cart.problems.found:
        return found
    evaluation = example.work(
        project=project, discount=discount, documents=documents, cart=cart, at=at
    )
    note = example.unknown(project=project, discount=discount, evaluation=evaluation, at=at)
    return {**found, **example.answer(evaluation, cart), "note": note}


class _Discount(DiscountForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.check_discount()
        return cleaned


def _rules(request: HttpRequest) -> list[Mapping[str, Any]]:
    """The documents of the rules that are chosen in the form, and of its recipe."""
    pks = [pk for pk in request.POST.getlist("rules") if lists.is_pk(pk)]
    rows = ValidationRule.objects.filter(pk__in=pks).select_related("definition").order_by("pk")
    made = recipes.filled(request.POST.get("recipe"))
    return [row.definition.data for row in rows] + ([made.rule] if made and made.rule else [])


def _cart(text: str) -> list[Any]:
    try:
        found = strict_json.loads(text)
    except strict_json.InvalidJson:
        return []
    return found if isinstance(found, list) else []
