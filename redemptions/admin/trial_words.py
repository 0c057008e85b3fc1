"""What the page "Try a cart" says of a trial."""

from typing import Any

from django.utils.translation import gettext as _

from campaigns import sentences
from campaigns.engine.effects.credit import CreditDiscount
from campaigns.engine.explain import Explanation
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.results import Applied, Result, Skipped
from campaigns.queries import names
from campaigns.sentences import Words
from loyalty_project.core.admin import display, moments
from loyalty_project.core.models import Project
from redemptions.context import Loaded
from redemptions.services.trials import Trial

_TONES = {
    "applies": ("good", "circle-check"),
    "skipped": ("quiet", "circle-pause"),
    "refused": ("bad", "circle-x"),
}


def of_trial(trial: Trial, project: Project) -> dict[str, Any]:
    """Totals, lines, and one card per incentive in the order in which they were looked at."""
    evaluation, loaded = trial.validated.evaluation, trial.validated.loaded
    context = loaded.context
    found = names.names_of(ids=sentences.ids_in(context.redeemables, context.limits))
    named = {one.id: one.code or one.name or one.id for one in context.redeemables}
    words = sentences.of_project(
        project, names={**named, **found}, at=context.at, jalali=moments.is_jalali()
    )
    order = evaluation.order
    paid = sum(applied.credits for applied in evaluation.applied)
    return {
        "valid": evaluation.valid,
        "nothing": not trial.explanations,
        "totals": _totals(order, paid) if order is not None else [],
        "lines": [_line(line) for line in order.lines] if order is not None else [],
        "cards": [_card(each, loaded, words) for each in trial.explanations],
        "left_out": [
            {"name": named.get(one.id, one.id), "saving": display.money_of(one.saving)}
            for one in trial.left_out
        ],
    }


def _totals(order: PricedOrder, paid: int) -> list[tuple[str, Any]]:
    found = [
        (_("Before discounts"), display.money_of(order.initial_amount)),
        (_("Discounts"), display.money_of(order.total_applied_discount_amount - paid)),
    ]
    if paid:
        found.append((_("Gift cards"), display.money_of(paid)))
    return [*found, (_("To pay"), display.money_of(order.total_amount))]


def _line(line: PricedLine) -> dict[str, Any]:
    goods = line.line.product
    name = goods.name or goods.source_id or goods.id if goods is not None else None
    return {
        "name": name or line.line.source_id or line.line.product_id or _("Without a name"),
        "quantity": line.quantity,
        "price": display.money_of(line.price),
        "discount": display.money_of(line.discount_amount),
        "subtotal": display.money_of(line.subtotal_amount),
        "added": line.line.quantity == 0,
    }


def _card(each: Explanation, loaded: Loaded, words: Words) -> dict[str, Any]:
    result = each.result
    redeemable = result.redeemable
    row = loaded.row_of(redeemable)
    reason = None if isinstance(result, Applied) else result.reason
    card: dict[str, Any] = {
        "name": redeemable.code or redeemable.name or redeemable.id,
        "campaign": redeemable.campaign.name if redeemable.campaign is not None else "",
        "url": display.url_of(row) if row is not None else "",
        "badge": _badge(result),
        "checks": [
            {"holds": step.holds, "says": sentences.check(step, redeemable, reason, words)}
            for step in each.steps
            if step.check != "outcome"
        ],
    }
    if row is not None and row.definition.data.get("discount"):
        promised = row.definition.data["discount"]
        says = sentences.discount(promised, words.amount, words.names)
        card["discount"] = display.words(says)
    if isinstance(redeemable.discount, CreditDiscount):
        held = {"balance": words.amount(redeemable.discount.balance)}
        card["discount"] = display.words(_("Gift card with %(balance)s on it") % held)
    if isinstance(result, Applied):
        card["capped"] = [sentences.capped(one, words) for one in result.capped]
        if result.order is not None:
            card["pays"] = display.money_of(result.credits) if redeemable.pays else ""
            card["saving"] = display.money_of(result.order.total_applied_discount_amount)
            card["left"] = display.money_of(result.order.total_amount)
        return card
    card["why"] = sentences.why(result.reason, words, asked=redeemable.rules)
    changes = each.suggestion.changes if each.suggestion is not None else ()
    card["advice"] = (
        sentences.advice(changes, loaded.context.order, words)
        if changes
        else sentences.why_nothing_helps(each, words)
    )
    return card


def _badge(result: Result) -> Any:
    if isinstance(result, Applied):
        return display.badge_of("applies", _TONES, _("Applies"))
    if isinstance(result, Skipped):
        return display.badge_of("skipped", _TONES, _("Left out"))
    return display.badge_of("refused", _TONES, _("Refused"))
