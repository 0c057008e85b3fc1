"""docs/events.md lists exactly the events that the code can emit, under names of one form."""

import ast
import re

import pytest

from loyalty_project.core import event_names
from tests.architecture import source

LISTED = re.findall(
    r"^\| `([^`]+)` \| (.+?) \| (.+?) \|$",
    (source.ROOT / "docs" / "events.md").read_text(),
    re.MULTILINE,
)
SUBJECTS = {
    "business_validation_rule", "campaign", "customer", "limit", "order", "product",
    "publication", "redemption", "voucher", "webhook",
}  # fmt: skip
TYPE = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")
PAST = re.compile(r"[a-z_]+(?:\.[a-z_]+)*\.(?:[a-z]+ed|paid|sent|left)")
EMITTERS = {
    "emit", "_emit", "Happening", "campaign_changed", "voucher_changed", "redemption_happening",
    "_happening", "rule_changed", "assignment_changed", "tier_changed", "stack_changed",
}  # fmt: skip
# Fields of validation rules, which look like events.
FIELDS = {
    "campaign.count", "campaign.name", "redemption.quantity", "redemption.redeemed_quantity",
    "customer.metadata", "order.metadata", "order.items.metadata", "product.metadata",
    "redemption.metadata", "customer.segment", "order.amount", "order.items.any",
    "publication.redeemable_by_linked_customer",
}  # fmt: skip
# Lists of published names, most of which nothing emits yet; and fields of documents.
NAMES_ONLY = {
    source.ROOT / "reporting" / "queries.py",
    source.ROOT / "loyalty_project" / "events.py",
}


def emitting_modules():
    silent = {"admin", "engine", "migrations", "sentences"}
    return [
        path
        for path in source.modules()
        if path not in NAMES_ONLY and silent.isdisjoint(path.relative_to(source.ROOT).parts)
    ]


def types(tree):
    """Texts of the form of an event about one of our subjects."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and TYPE.fullmatch(node.value)
        and node.value.split(".")[0] in SUBJECTS
    }


def unreadable(tree):
    """Lines that put the name of an event together, where no list could know it."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and source.dotted(node.func).split(".")[-1] in EMITTERS
        and node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]


def emitted():
    found = set().union(*(types(source.parsed(path)) for path in emitting_modules()))
    return found - FIELDS


def published():
    """The published activities, with and without the prefix that the outbox leaves out."""
    tree = source.parsed(source.ROOT / "reporting" / "queries.py")
    names = types(tree)
    bare = {name.removeprefix("customer.") for name in names}
    return names | {name for name in bare if "." in name}


def has_a_good_name(event):
    return event in published() or PAST.fullmatch(event) is not None


def test_the_list_is_that_of_the_code():
    assert {event for event, _when, _data in LISTED} == emitted()


def test_the_feed_and_webhooks_can_tell_each_of_them():
    assert emitted() <= set(event_names.known())
    assert len(set(event_names.known())) == len(event_names.known())


def test_the_list_names_each_event_once():
    assert len({event for event, _when, _data in LISTED}) == len(LISTED) > 20


@pytest.mark.parametrize("event", sorted(emitted()))
def test_is_a_published_name_or_says_in_the_past_tense_what_happened(event):
    assert has_a_good_name(event)


@pytest.mark.parametrize("event", ["voucher.create", "order.pay", "created", "Voucher.Created"])
def test_refuses_a_name_of_another_form(event):
    assert not has_a_good_name(event)


@pytest.mark.parametrize("path", emitting_modules(), ids=source.place)
def test_writes_the_names_of_events_out(path):
    assert unreadable(source.parsed(path)) == []


def test_sees_a_name_that_is_put_together():
    assert unreadable(ast.parse("outbox.emit(f'voucher.{verb}', subject=1)")) == [1]
    assert types(ast.parse("outbox.emit('voucher.lost', subject=1)")) == {"voucher.lost"}
