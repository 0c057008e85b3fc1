"""Why, and why not, on the wire: the `explain` member of a redeemable.

Server keys and people see every check and the change that would help. Client keys see one sentence,
which is the same for a code of another project as for one that nobody has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal, NotRequired, TypedDict, TypeVar

from django.utils.translation import gettext as _

from campaigns import sentences
from campaigns.engine import changes, trace
from campaigns.engine.changes import Change
from campaigns.engine.context import Context
from campaigns.engine.explain import Explanation, explain
from campaigns.engine.protection import Capped
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.results import Applied, Evaluation
from campaigns.engine.trace import Step
from campaigns.queries import names as queries
from campaigns.sentences import Words
from loyalty_project.core import tenancy, wire
from redemptions.context import Loaded, Request, reference_of
from redemptions.serializers import reasons
from redemptions.serializers.fact import fact_json

Body = TypeVar("Body", bound=Any)

_LISTS = ("redeemables", "skipped_redeemables", "inapplicable_redeemables")


class CheckJson(TypedDict):
    """One check in the sequence in which they are asked; `required` and `actual` in wire units.

    `rule` and `number` say which condition it is, `limit` which limit. Of limits `used` is what
    stood there before, `left` what is left of it then: null where nothing limits this customer.
    `held` is what other sessions hold: part of `used`, and not part of a card's `actual` balance.
    """

    check: str
    fact: str
    property: NotRequired[str]
    operator: str
    required: Any
    actual: Any
    holds: bool
    rule: NotRequired[str]
    limit: NotRequired[str]
    number: NotRequired[str]
    used: NotRequired[int]
    left: NotRequired[int | None]
    held: NotRequired[int]
    sentence: str


class ChangeJson(TypedDict):
    """One change of the request; which members there are depends on the type."""

    type: Literal["ADD_AMOUNT", "ADD_ITEMS", "REMOVE_ITEM", "WAIT", "SAY", "LEAVE_OUT"]
    amount: NotRequired[int]
    object: NotRequired[str]
    id: NotRequired[str]
    quantity: NotRequired[int]
    price: NotRequired[int]
    index: NotRequired[int]
    until: NotRequired[str]
    fact: NotRequired[str]
    key: NotRequired[str]
    value: NotRequired[Any]


class GapJson(TypedDict):
    """The smallest change after which it applies; `amount` is what lacks, in minor units.

    Where nothing that was tried helps, `possible` is false and `reason` says why in one word.
    """

    possible: bool
    sentence: str
    amount: NotRequired[int]
    reason: NotRequired[str]
    changes: list[ChangeJson]


class CappedJson(TypedDict):
    """What was cut down, in minor units; `index` is the line, null where it is the order."""

    by: Literal["margin", "limit"]
    index: int | None
    wanted: int
    given: int
    sentence: str


class ExplanationJson(TypedDict):
    """To client keys the sentence alone. `capped` is there where a discount was cut down."""

    sentence: str
    checks: NotRequired[list[CheckJson]]
    capped: NotRequired[list[CappedJson]]
    gap: NotRequired[GapJson]


def explained(body: Body, request: Request, loaded: Loaded) -> Body:
    """The answer to a request with `explain` at each redeemable, where the request asks for it.

    Redemptions say it as it was before they were made.
    """
    if not request.explain:
        return body
    found = of_request(request, loaded)
    asked = {
        (one.kind.value, reference_of(one)): found[one.id] for one in loaded.context.redeemables
    }
    for one in (one for name in _LISTS for one in body.get(name, ())):
        one["explain"] = asked[one["object"], one["id"]]
    for one in body.get("redemptions", ()):
        one["explain"] = found[one["related_object_id"]]
    return body


def member(redeemable: Redeemable, request: Request, loaded: Loaded) -> dict[str, ExplanationJson]:
    """`{"explain": …}` of one redeemable, empty where the request does not ask for it."""
    found = of_request(request, loaded)
    return {"explain": found[redeemable.id]} if found else {}


def of_request(request: Request, loaded: Loaded) -> dict[str, ExplanationJson]:
    """Every redeemable by its id, none where the request does not ask for it."""
    if not request.explain:
        return {}
    context = loaded.context
    words = words_of(request, context, context.redeemables)
    return explanations_json(explain(context), context, words)


def words_of(request: Request, context: Context, redeemables: Sequence[Redeemable]) -> Words:
    """What sentences about these redeemables need to know, for who asks."""
    return sentences.of_project(
        tenancy.current_project(),
        names=queries.names_of(ids=sentences.ids_in(redeemables, context.limits)),
        at=context.at,
        for_shoppers=not request.trusted,
    )


def offered(
    request: Request, context: Context, evaluation: Evaluation, words: Words
) -> dict[str, ExplanationJson]:
    """What applies in an evaluation by id, nothing where the request does not ask for it."""
    if not request.explain:
        return {}
    turns = trace.turns(context, evaluation)
    found = [Explanation(turn.result, tuple(trace.steps(turn))) for turn in turns]
    return explanations_json(found, context, words)


def explanations_json(
    explanations: Iterable[Explanation], context: Context, words: Words
) -> dict[str, ExplanationJson]:
    """The `explain` member of each redeemable, by its id; the context is that of the request.

    With words `for_shoppers` it is what client keys may see.
    """
    names = {one.id: one.code or one.name or one.id for one in context.redeemables}
    words = replace(words, names={**names, **words.names})
    say = _short_json if words.for_shoppers else _full_json
    return {each.result.redeemable.id: say(each, context, words) for each in explanations}


def _short_json(explanation: Explanation, context: Context, words: Words) -> ExplanationJson:
    result = explanation.result
    if isinstance(result, Applied):
        return {"sentence": _("It applies.")}
    wording = reasons.held_wording(result.reason) or reasons.REFUSALS.get(result.reason.key)
    told = result.reason.details.get("message")
    says = told or (str(wording.explanation) if wording else sentences.why(result.reason, words))
    return {"sentence": " ".join([says, *_advice(explanation, context, words)])}


def _advice(explanation: Explanation, context: Context, words: Words) -> list[str]:
    """What a shopper can do; what only the shop's own programs could send is not told."""
    found = explanation.suggestion.changes if explanation.suggestion is not None else ()
    if not found or any(isinstance(each, changes.Say) for each in found):
        return []
    return [sentences.advice(found, context.order, words)]


def _full_json(explanation: Explanation, context: Context, words: Words) -> ExplanationJson:
    result = explanation.result
    redeemable = result.redeemable
    reason = None if isinstance(result, Applied) else result.reason
    body: ExplanationJson = {
        "sentence": _("It applies.")
        if reason is None
        else sentences.why(reason, words, asked=redeemable.rules),
        "checks": [
            _check_json(step, sentences.check(step, redeemable, reason, words))
            for step in explanation.steps
        ],
    }
    if isinstance(result, Applied) and result.capped:
        body["capped"] = [_capped_json(each, words) for each in result.capped]
    if reason is not None:
        body["gap"] = _gap_json(explanation, context, words)
    return body


def _capped_json(capped: Capped, words: Words) -> CappedJson:
    return {
        "by": capped.by,
        "index": capped.index,
        "wanted": capped.wanted,
        "given": capped.given,
        "sentence": sentences.capped(capped, words),
    }


def _check_json(step: Step, sentence: str) -> CheckJson:
    body: CheckJson = {
        "check": step.check,
        "fact": step.fact,
        "operator": step.operator,
        "required": fact_json(step.required),
        "actual": fact_json(step.actual),
        "holds": step.holds,
        "sentence": sentence,
    }
    if step.property is not None:
        body["property"] = step.property
    if step.source is not None:
        body["limit" if step.check == "limit" else "rule"] = step.source
    if step.number is not None:
        body["number"] = step.number
    if step.used is not None:
        body["used"] = step.used
        body["left"] = None if step.required is None else max(0, step.required - step.used)
    if step.held is not None:
        body["held"] = step.held
    return body


def _gap_json(explanation: Explanation, context: Context, words: Words) -> GapJson:
    suggestion = explanation.suggestion
    if suggestion is None or suggestion.impossible is not None or not suggestion.changes:
        return {
            "possible": False,
            "sentence": sentences.why_nothing_helps(explanation, words),
            "reason": (suggestion.impossible if suggestion is not None else None) or "not_seen",
            "changes": [],
        }
    body: GapJson = {
        "possible": True,
        "sentence": sentences.advice(suggestion.changes, context.order, words),
        "changes": [_change_json(each) for each in suggestion.changes],
    }
    amounts = [each.amount for each in suggestion.changes if isinstance(each, changes.AddAmount)]
    if amounts:
        body["amount"] = sum(amounts)
    return body


def _change_json(change: Change) -> ChangeJson:
    if isinstance(change, changes.AddAmount):
        return {"type": "ADD_AMOUNT", "amount": change.amount}
    if isinstance(change, changes.AddItems):
        body: ChangeJson = {
            "type": "ADD_ITEMS",
            "object": change.object,
            "quantity": change.quantity,
        }
        if change.id:
            body["id"] = change.id
        if change.price is not None:
            body["price"] = change.price
        return body
    if isinstance(change, changes.RemoveItems):
        return {"type": "REMOVE_ITEM", "index": change.index}
    if isinstance(change, changes.Wait):
        return {"type": "WAIT", "until": wire.instant(change.until)}
    if isinstance(change, changes.Say):
        return {"type": "SAY", "fact": change.fact, "key": change.key, "value": change.value}
    return {"type": "LEAVE_OUT", "id": change.id}
