"""From a draft to the document of a rule, with what is wrong at its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaigns.admin.builder import drafts, logics, opening, operators, values, vocabulary
from campaigns.admin.builder.drafts import Problems, listing, mapping, text
from campaigns.admin.builder.facts import Editor, Fact, Property
from campaigns.admin.builder.windows import close_window

MESSAGE_MAX = 2000
VALUES_MAX = 1000

Rules = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The rules of one level as they get their numbers; `reserved` are those of stored rows."""

    rules: Rules
    reserved: frozenset[str]

    def free(self, wanted: str) -> str:
        if wanted.isascii() and wanted.isdigit() and len(wanted) <= 6 and wanted not in self.rules:
            return wanted
        taken = self.reserved | self.rules.keys()
        return next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken)

    def place(self, rule: dict[str, Any], wanted: str) -> str:
        """Store a rule; one that stands twice in the logic is stored once."""
        if self.rules.get(wanted) == rule:
            return wanted
        number = self.free(wanted)
        self.rules[number] = rule
        return number


def level(
    draft: Mapping[str, Any], problems: Problems, *, path: str = "", number: str = ""
) -> Rules:
    """The numbered rules of a draft with their logic.

    What was not touched stays as it was stored. `number` leads to the rule around it, "1.2.".
    """
    if draft.get("kept"):
        return dict(mapping(draft.get("source")))
    rules: Rules = {}
    numbers = _Numbers(rules, frozenset(drafts.numbers(draft)))
    whole = _group(draft, problems, numbers, path, number)
    for unused in map(mapping, listing(draft.get("unused"))):
        if mapping(unused.get("source")):
            numbers.place(dict(unused["source"]), text(unused.get("number")))
    logic = draft.get("logic")
    logic = logic if isinstance(logic, str) else None
    before = opening.tree_of(rules, logic) if "logic" in draft else None
    if before is None or logics.of_tree(before) != whole:
        logic = logics.text_of(whole) if whole is not None else None
    return rules if logic is None else {**rules, "logic": logic}


def _group(
    group: Mapping[str, Any], problems: Problems, numbers: _Numbers, path: str, number: str
) -> logics.Joined:
    found = []
    for part, place in drafts.parts(group, path):
        if drafts.is_group(part):
            joined = _group(part, problems, numbers, place, number)
        else:
            joined = _numbered(part, problems, numbers, place, number)
        if joined is not None:
            found.append(joined)
    join = "or" if group.get("join") == "or" else "and"
    return logics.joined(join, found, negated=bool(group.get("not")))


def _numbered(
    row: Mapping[str, Any], problems: Problems, numbers: _Numbers, path: str, number: str
) -> logics.Joined:
    wanted = text(row.get("number"))
    rule = _rule(row, problems, path, f"{number}{numbers.free(wanted)}.")
    if rule is None:
        return None
    own = numbers.place(rule, wanted)
    problems.places.setdefault(f"{number}{own}", path.removesuffix("."))
    return ("not", own) if row.get("not") else own


def _rule(
    row: Mapping[str, Any], problems: Problems, path: str, number: str
) -> dict[str, Any] | None:
    source = dict(mapping(row.get("source")))
    if row.get("kept"):
        return source or None
    before = _opened(source)
    if before is not None and drafts.essence({**before, "not": row.get("not")}) == drafts.essence(
        row
    ):
        return source
    if before is not None and drafts.asks_the_same(row, before):
        rule = source
    else:
        asked = _asked(row, problems, path)
        if asked is None:
            return None
        same = before is not None and before["fact"] == row.get("fact")
        rule = {**(source if same else {}), **asked}
    _set_message(rule, row, problems, path)
    _set_inner(rule, row, problems, path, number)
    return {name: value for name, value in rule.items() if value is not None or name in source}


def _opened(source: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        return opening.row(source) if source else None
    except values.NotShown:
        return None


def _asked(row: Mapping[str, Any], problems: Problems, path: str) -> dict[str, Any] | None:
    """Name, property and conditions; None where something of them is wrong or missing."""
    name = f"{text(row.get('fact'))}{text(row.get('period'))}"
    named = vocabulary.find(name)
    if named is None:
        missing = ValidationError(_("Choose what to ask about."), code="required")
        problems.add(path.removesuffix("."), "fact", missing)
        return None
    count = len(problems.found)
    found: dict[str, Any] = {"name": name}
    try:
        if named.fact.property:
            found["property"] = _property(named.fact, row)
    except ValidationError as error:
        problems.add(path.removesuffix("."), "property", error)
    try:
        found["conditions"] = _conditions(named.fact, found.get("property") or "", row)
    except ValidationError as error:
        problems.add(path.removesuffix("."), "values", error)
    return found if len(problems.found) == count else None


def _property(fact: Fact, row: Mapping[str, Any]) -> str:
    if fact.property == Property.WINDOW:
        return close_window(row.get("window"), of_goods=fact.choices == "products")
    given = text(row.get("property"))
    if not given:
        raise ValidationError(_("Name the attribute."), code="required")
    return given


def _conditions(fact: Fact, given: str, row: Mapping[str, Any]) -> dict[str, Any] | None:
    kinds = vocabulary.editors_of(fact, given)
    kind = next((each for each in kinds if each.value == row.get("kind")), kinds[0])
    name = row.get("operator")
    if not isinstance(name, str) or not operators.can_show(name, kind):
        raise ValidationError(_("Choose how to compare."), code="required")
    if name == operators.ANY:
        if not drafts.mapping(row.get("inner")).get("parts"):
            message = _("Choose items, or add a condition about them.")
            raise ValidationError(message, code="required")
        return None
    editor = operators.editor_of(name, kind)
    if editor == Editor.NOTHING:
        return {name: []}
    typed = [value for value in listing(row.get("values")) if value not in ("", None)]
    if not typed:
        raise ValidationError(_("Enter a value."), code="required")
    if len(typed) > VALUES_MAX:
        raise ValidationError(_("Too many values for one condition."), code="invalid")
    return {name: [values.closed(editor, value) for value in typed]}


def _set_message(
    rule: dict[str, Any], row: Mapping[str, Any], problems: Problems, path: str
) -> None:
    message = text(row.get("message"))
    if len(message) > MESSAGE_MAX:
        too_long = ValidationError(_("The message is too long."), code="invalid")
        problems.add(path.removesuffix("."), "message", too_long)
    elif message:
        rule["error"] = {**mapping(rule.get("error")), "message": message}
    elif mapping(rule.get("error")).get("message"):
        rule["error"] = None


def _set_inner(
    rule: dict[str, Any], row: Mapping[str, Any], problems: Problems, path: str, number: str
) -> None:
    inner = mapping(row.get("inner"))
    found = level(inner, problems, path=f"{path}inner.", number=number) if inner else {}
    if found or rule.get("rules"):
        rule["rules"] = found or None
