"""The document of a rule from the three drafts of its page, and back, with errors at their rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns import sentences
from campaigns.admin.builder import bundles, closing, opening, products, wording
from campaigns.admin.builder.drafts import Problem, Problems, listing, mapping
from campaigns.services import rules
from loyalty_project.core import tenancy
from loyalty_project.core.predicates import InvalidCondition

DRAFTS = ("rules", "lines", "bundle")
_RULE = re.compile(r"(?:Rule ')?(\d+(?:\.\d+)*)\b")
_ENTRY = re.compile(r"applicable_to\.(included|excluded)\[(\d+)\](?:\.(\w+))?")
_COMPONENT = re.compile(r"bundle_rules(?:\.(\d+))?(?:\.(\w+))?")


@dataclass(slots=True)
class Closed:
    """A document, as the service takes it, with what is wrong with each draft."""

    document: dict[str, Any]
    problems: dict[str, Problems] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not any(each.found for each in self.problems.values())

    @property
    def unfinished(self) -> int:
        """How many values are still to be typed."""
        return sum(each.missing for kind in self.problems.values() for each in kind.found)


def opened(document: Mapping[str, Any]) -> dict[str, Any]:
    """The drafts of a stored document; what no row shows is said in a sentence."""
    return {
        "rules": _said(opening.level(mapping(document.get("rules")))),
        "lines": products.opened(mapping(document.get("applicable_to"))),
        "bundle": bundles.opened(mapping(document.get("bundle_rules"))),
    }


def closed(drafts: Mapping[str, Any], *, message: str) -> Closed:
    """The document that drafts make, without what is unfinished.

    What could never be evaluated is refused at its row.
    """
    problems = {name: Problems() for name in DRAFTS}
    document: dict[str, Any] = {
        "rules": closing.level(mapping(drafts.get("rules")), problems["rules"]),
        "applicable_to": products.closed(mapping(drafts.get("lines")), problems["lines"]),
        "error": {"message": message} if message else None,
    }
    bundle = bundles.closed(mapping(drafts.get("bundle")), problems["bundle"])
    if bundle is not None or mapping(mapping(drafts.get("bundle")).get("source")):
        document["bundle_rules"] = bundle
    found = Closed(document, problems)
    if found.is_good:
        try:
            rules.read(project=tenancy.current_project(), data=document)
        except InvalidCondition as error:
            place(problems, error)
    return found


def place(problems: Mapping[str, Problems], error: InvalidCondition) -> None:
    """Put what the engine says beside the row that it names."""
    if entry := _ENTRY.match(error.where):
        path = f"{entry[1]}.{entry[2]}"
        formula = error.formula
        said = sentences.wrong(formula) if formula is not None else error.problem
        problems["lines"].found.append(Problem(path, entry[3] or "", said))
    elif component := _COMPONENT.match(error.where):
        path = f"components.{int(component[1]) - 1}" if component[1] else ""
        problems["bundle"].found.append(Problem(path, component[2] or "", error.problem))
    else:
        rule = _RULE.match(error.where)
        at = problems["rules"].places.get(rule[1], "") if rule else ""
        problems["rules"].found.append(Problem(at, "", error.problem))


def _said(draft: dict[str, Any]) -> dict[str, Any]:
    """The draft with a sentence for each part that is kept as it is."""
    if draft.get("kept"):
        source = mapping(draft.get("source"))
        return {**draft, "says": wording.of_rule(str(draft.get("number") or ""), source)}
    found = dict(draft)
    for name in ("parts", "unused"):
        if name in found:
            found[name] = [_said(part) for part in listing(found[name])]
    if found.get("inner"):
        found["inner"] = _said(found["inner"])
    return found
