"""Samples come from a stock: taken with the redemption, given back with the rollback."""

import pytest

from loyalty_project.core.errors import LoyaltyError
from redemptions.models import Redemption
from rewards.models import Product
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory
from tests.redemptions.terms import redeem, undo, validate, why


def gift(item, units=1, effect="ADD_NEW_ITEMS"):
    return {"type": "UNIT", "unit_off": units, "unit_type": item.public_id, "effect": effect}


@pytest.fixture
def sample(in_project):
    return ProductFactory(project=in_project, name="Sample", stock=2, price=300)


def left(*rows):
    for row in rows:
        row.refresh_from_db()
    return [row.stock for row in rows]


@pytest.mark.requirement(2)
def test_a_sample_is_added_for_nothing_and_taken_from_its_stock(in_project, at, code, sample):
    code("SAMPLE", gift(sample))
    assert validate(in_project, at, "SAMPLE", amount=2000).valid
    assert left(sample) == [2]

    done = redeem(in_project, at, "SAMPLE", amount=2000)

    line = done.order.items.get()
    assert (line.product_id, line.quantity, line.amount - line.discount_amount) == (
        sample.public_id, 1, 0,
    )  # fmt: skip
    assert (done.order.total_amount, left(sample)) == (2000, [1])
    assert done.redemptions[0].decision["gifts"] == {sample.public_id: 1}
    assert done.redemptions[0].decision["stocks"] == {sample.public_id: 2}
    redeem(in_project, at, "SAMPLE")
    assert why(in_project, at, "SAMPLE") == "gift_out_of_stock"
    with pytest.raises(LoyaltyError) as refused:
        redeem(in_project, at, "SAMPLE")
    assert (refused.value.key, left(sample)) == ("gift_out_of_stock", [0])
    assert Redemption.objects.get(result="FAILURE").failure_code == "gift_out_of_stock"


def test_a_rollback_gives_back_what_the_redemption_took(in_project, at, code, sample):
    sku = SkuFactory(project=in_project, product=sample, stock=5)
    plain = ProductFactory(project=in_project)
    code("A", gift(sample, 2))
    code("B", {"type": "UNIT", "effect": "ADD_MANY_ITEMS", "units": [gift(sku, 3), gift(plain)]})
    done = redeem(in_project, at, "A", "B")
    assert left(sample, sku, plain) == [0, 2, None]
    Product.objects.filter(pk=sample.pk).update(stock=7)

    undo(in_project, at, done.parent)

    assert left(sample, sku, plain) == [9, 5, None]
    with pytest.raises(LoyaltyError):
        undo(in_project, at, done.parent)
    assert left(sample, sku) == [9, 5]


def test_what_is_no_longer_counted_is_not_counted_again_by_a_rollback(in_project, at, code, sample):
    code("A", gift(sample))
    done = redeem(in_project, at, "A")
    Product.objects.filter(pk=sample.pk).update(stock=None)

    undo(in_project, at, done.redemptions[0])

    assert left(sample) == [None]


def test_a_sample_that_is_in_the_cart_is_taken_from_the_stock_too(in_project, at, code, sample):
    code("A", gift(sample, effect="ADD_MISSING_ITEMS"))
    order = {"items": [{"product_id": sample.public_id, "quantity": 1}]}

    done = redeem(in_project, at, "A", order=order)

    assert (done.order.total_amount, left(sample)) == (0, [1])


def test_a_guard_that_refuses_decides_once_more(in_project, at, code, sample, monkeypatch):
    """Somebody else takes the last ones between the decision and the commit."""
    code("A", gift(sample, 2))
    from redemptions.services import redemptions

    decide = redemptions.evaluate.evaluate
    seen = []

    def late(context):
        seen.append([item.stock for item in context.catalog.values()])
        if len(seen) == 1:
            Product.objects.filter(pk=sample.pk).update(stock=1)
        return decide(context)

    monkeypatch.setattr(redemptions.evaluate, "evaluate", late)

    with pytest.raises(LoyaltyError) as refused:
        redeem(in_project, at, "A")

    assert (refused.value.key, seen, left(sample)) == ("gift_out_of_stock", [[2], [1]], [1])
