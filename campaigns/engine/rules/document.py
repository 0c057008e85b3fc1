"""From the published document of a validation rule to closures, refusing what makes no sense."""

from collections.abc import Callable, Mapping
from typing import Any

from campaigns.engine import history
from campaigns.engine.redeemable import ApplicableTo
from campaigns.engine.rules import counted, items
from campaigns.engine.rules.conditions import (
    Condition,
    Group,
    ItemRule,
    LineSubject,
    Need,
    Quantifier,
    Read,
    Subject,
)
from campaigns.engine.rules.names import NAMES
from loyalty_project.core import durations, predicates
from loyalty_project.core.predicates import (
    All,
    Comparison,
    InvalidCondition,
    Kind,
    Leaf,
    Node,
    logic,
    operators,
)

DEPTH_MAX = 3

Schema = Callable[[str, str], Kind | None]
Holds = Callable[[Any], bool]


class Reader:
    """Reads one document; `schema(name, property)` knows the kinds of metadata.

    `discountable` collects what item rules say about which lines get the discount.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.discountable: list[ApplicableTo] = []

    def tree(self, document: object, where: str, *, inside: bool, depth: int) -> Node[Condition]:
        """The tree of numbered rules; `inside` an item rule they are about its lines."""
        if depth > DEPTH_MAX:
            raise InvalidCondition(where, f"must not be nested deeper than {DEPTH_MAX} levels")
        if not isinstance(document, Mapping):
            raise InvalidCondition(where, "must be an object of numbered rules")
        rules, text = predicates.numbered(document, where)
        nodes: dict[str, Node[Condition]] = {}
        for number, rule in rules.items():
            path = f"{where}.{number}" if inside or depth > 1 else number
            nodes[number] = self._rule(rule, path, inside=inside, depth=depth)
        if text is None:
            return All(tuple(nodes.values()))
        return logic.parse(text, nodes, f"{where} logic".strip())

    def _rule(
        self, rule: Mapping[str, Any], path: str, *, inside: bool, depth: int
    ) -> Node[Condition]:
        name = str(rule.get("name"))
        nested = rule.get("rules") or {}
        if items.is_about_lines(name) and not inside:
            return Leaf(path, self._items(rule, name, path, depth))
        if name in items.DISCOUNTABLE or name == items.MATCH_ALL:
            return All(())
        condition = self._condition(rule, name, path, inside=inside)
        leaf: Node[Condition] = Leaf(path, condition)
        if not nested:
            return leaf
        return All((leaf, self.tree(nested, path, inside=inside, depth=depth + 1)))

    def _condition(
        self, rule: Mapping[str, Any], name: str, path: str, *, inside: bool
    ) -> Condition:
        where = f"Rule '{path}' ({name})"
        given = _property(rule)
        line = items.LINES.get(name) if inside else None
        if line is not None:
            read, kind = line.reader(given), self._kind(name, given, line.kind)
            _check_property(name, given, takes=line.takes_property)
            comparisons = operators.read(kind, rule.get("conditions"), where)
            return _plain(rule, name, comparisons, read, of_lines=True)
        if name in counted.COUNTED:
            return _of_counter(rule, name, where)
        if name in counted.PAST:
            return _of_past(rule, name, where)
        known = NAMES.get(name)
        if known is None:
            raise InvalidCondition(f"Rule '{path}'", f"has an unknown name {name!r}")
        _check_property(name, given, takes=known.takes_property)
        kind = self._kind(name, given, known.kind)
        if known.kinds is not None:
            if given not in known.kinds:
                raise InvalidCondition(where, f"does not know the property {given!r}")
            kind = known.kinds[given]
        comparisons = operators.read(kind, rule.get("conditions"), where)
        read = known.reader(given)
        return _plain(
            rule,
            name,
            comparisons,
            _outside(read) if inside else read,
            group=known.group,
            needs=known.needs,
            looks_after=known.looks_after,
            of_lines=inside,
        )

    def _items(self, rule: Mapping[str, Any], name: str, path: str, depth: int) -> Condition:
        """An item rule: of the chosen lines, or of a fact of lines, with its inner rules."""
        where = f"Rule '{path}' ({name})"
        nested = rule.get("rules") or {}
        entries: tuple[ApplicableTo, ...] = ()
        excluding, own = False, None
        if name in items.CHOOSING:
            quantifier = items.CHOOSING[name]
            entries, excluding = items.entries(name, rule.get("conditions"), where)
            if not entries and not nested:
                raise InvalidCondition(where, "must have conditions")
        else:
            fact, quantifier = items.ALONE[name]
            own = self._condition({**rule, "name": fact}, fact, path, inside=True)
        if _says(nested, {items.MATCH_ALL}):
            quantifier = Quantifier.EVERY
        if _says(nested, items.DISCOUNTABLE):
            self.discountable += entries
        inner = self.tree(nested, path, inside=True, depth=depth + 1) if nested else None
        parts = _joined(Leaf(path, own) if own is not None else None, inner)
        test = (
            None if parts is None else logic.compile_tree(parts, lambda leaf: leaf.condition.holds)
        )
        item = ItemRule(quantifier, entries, excluding, parts, test)
        return Condition(
            name=name,
            group=Group.ORDER,
            property=_property(rule) or None,
            comparisons=own.comparisons if own is not None else (),
            read=lambda subject: [line.line for line in items.meant(item, subject)],
            holds=items.test(item),
            needs=frozenset({Need.ORDER, Need.ITEMS}),
            message=_message(rule),
            items=item,
        )

    def _kind(self, name: str, given: str, kind: Kind) -> Kind:
        known = self.schema(name, given) if kind == Kind.ANY else None
        return known or kind


def _joined(own: Node[Condition] | None, inner: Node[Condition] | None) -> Node[Condition] | None:
    if own is None or inner is None:
        return own or inner
    return All((own, inner))


def _property(rule: Mapping[str, Any]) -> str:
    given = rule.get("property")
    return given if isinstance(given, str) else ""


def _check_property(name: str, given: str, *, takes: bool) -> None:
    if takes and not given:
        raise InvalidCondition(f"Rule '{name}'", "must have a 'property'")


def _message(rule: Mapping[str, Any]) -> str | None:
    error = rule.get("error")
    message = error.get("message") if isinstance(error, Mapping) else None
    return message if isinstance(message, str) and message else None


def _says(nested: Mapping[str, Any], names: frozenset[str] | set[str]) -> bool:
    return any(
        isinstance(rule, Mapping)
        and rule.get("name") in names
        and (rule.get("conditions") or {}).get("$is") != [False]
        for rule in nested.values()
    )


def _outside(read: Read) -> Read:
    """A fact of the request, asked for inside an item rule."""

    def fact(subject: LineSubject) -> Any:
        return read(subject.subject)

    return fact


def _plain(
    rule: Mapping[str, Any],
    name: str,
    comparisons: tuple[Comparison, ...],
    read: Read,
    group: Group = Group.ORDER,
    *,
    of_lines: bool = False,
    **more: Any,
) -> Condition:
    return Condition(
        name=name,
        group=group,
        property=_property(rule) or None,
        comparisons=comparisons,
        read=read,
        holds=_holds(comparisons, read, of_lines=of_lines),
        message=_message(rule),
        **more,
    )


def _holds(comparisons: tuple[Comparison, ...], read: Read, *, of_lines: bool) -> Holds:
    """The answer to a Subject, or to a LineSubject."""
    if len(comparisons) == 1:
        ask = comparisons[0].holds
        if of_lines:
            return lambda subject: ask(read(subject), subject.subject.context)
        return lambda subject: ask(read(subject), subject.context)

    def holds(subject: Any) -> bool:
        fact, here = read(subject), (subject.subject if of_lines else subject).context
        return all(comparison.holds(fact, here) for comparison in comparisons)

    return holds


def _of_counter(rule: Mapping[str, Any], name: str, where: str) -> Condition:
    """The fact is the count with this redemption in it."""
    kept = counted.COUNTED[name]

    def use(subject: Subject) -> Any:
        return counted.use(kept, subject.redeemable, subject.context, subject.after)

    def read(subject: Subject) -> int | None:
        found = use(subject)
        return (
            None if found is None else counted.used(subject.context, found.counter) + found.amount
        )

    return _plain(
        rule,
        name,
        operators.read(Kind.NUMBER, rule.get("conditions"), where),
        read,
        group=Group.REDEMPTION,
        needs=kept.needs,
        looks_after=kept.looks_after,
        use=use,
    )


def _of_past(rule: Mapping[str, Any], name: str, where: str) -> Condition:
    window, _, only = _property(rule).partition(";")
    if counted.PAST[name].of_goods and not only:
        raise InvalidCondition(where, "must name a collection, product or SKU, as in 'P6M;pc_…'")
    try:
        history.check(window)
    except durations.InvalidDuration:
        raise InvalidCondition(where, f"has no window {window!r}") from None
    past = counted.question(counted.PAST[name], window, only or None)
    return _plain(
        rule,
        name,
        operators.read(Kind.NUMBER, rule.get("conditions"), where),
        lambda subject: counted.answer(past, subject),
        group=Group.CUSTOMER,
        needs=frozenset({Need.CUSTOMER}),
        past=past,
    )
