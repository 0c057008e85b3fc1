"""The platform kernel knows no loyalty noun: names of the domain reach it through settings."""

import ast

import pytest

from tests.architecture import source

NOUNS = {
    "campaign", "cashback", "coupon", "customer", "earning", "gift", "loyalty",
    "product", "promotion", "publication", "redeemable", "redemption", "referral", "reward",
    "sku", "tier", "voucher",
}  # fmt: skip
ALLOWED = {
    "LoyaltyError",
    "loyalty_project",
    # Switches of a project with their published names; the kernel stores and shows them.
    "client_create_customer_enabled",
    "client_list_vouchers_enabled",
    "client_loyalty_events_enabled",
    "client_set_voucher_expiration_date_enabled",
}


def nouns(tree):
    found = {}
    for node in ast.walk(tree):
        for name in names(node):
            if name not in ALLOWED and source.words(name) & NOUNS:
                found.setdefault(name, node.lineno)
    return found


def names(node):
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.keyword(arg=str(name)):
            return [name]
        case ast.Import(names=aliases):
            return [part for alias in aliases for part in alias.name.split(".")]
        case ast.ImportFrom(module=str(module), names=aliases):
            return [*module.split("."), *(alias.name for alias in aliases)]
    return []


@pytest.mark.parametrize("path", source.modules("loyalty_project/core"), ids=source.place)
def test_knows_no_loyalty_noun(path):
    assert nouns(source.parsed(path)) == {}


@pytest.mark.parametrize(
    "line",
    [
        "def issue_voucher(): pass",
        "from campaigns import models",
        "x.redeemed = Campaign()",
        "f(tiers=1)",
    ],
)
def test_sees_a_loyalty_noun(line):
    assert nouns(ast.parse(line))


def test_lets_the_name_of_the_project_pass():
    assert nouns(ast.parse("from loyalty_project.core.errors import LoyaltyError")) == {}
