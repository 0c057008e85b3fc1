"""The published examples of rules open in the builder and are stored as they are."""

import json
from collections.abc import Mapping

import pytest

from campaigns.admin.builder import bundles, closing, opening, products
from campaigns.admin.builder.drafts import Problems
from campaigns.engine import rules
from tests.contract import published

SCHEMATIC = "Business Validation Rule"


def documents(value):
    """Every document of a rule in the file, once."""
    if isinstance(value, list):
        for each in value:
            yield from documents(each)
    if isinstance(value, Mapping) and "$ref" not in value:
        numbers = [key for key in value.get("rules") or () if key.isdigit()]
        if numbers and "applicable_to" in value:
            yield value
        for each in value.values():
            yield from documents(each)


def examples():
    text = (published.FOLDER / "validation-rules.json").read_text()
    found = {json.dumps(each, sort_keys=True): each for each in documents(json.loads(text))}
    return [each for each in found.values() if each["name"] != SCHEMATIC]


@pytest.mark.parametrize("document", examples(), ids=lambda document: document["name"])
def test_opens_and_is_stored_as_it_is(in_project, document):
    rules.read(document, rule_id="val_1")
    problems = Problems()

    assert closing.level(opening.level(document["rules"]), problems) == document["rules"]
    assert (
        products.closed(products.opened(document["applicable_to"]), problems)
        == (document["applicable_to"])
    )
    assert bundles.closed(bundles.opened(document.get("bundle_rules")), problems) is None
    assert problems.found == []


def test_reads_them_all():
    assert len(examples()) >= 6
