"""What protects the whole project is changed while redemptions are under way."""

import pytest

from campaigns.services import safety, state
from loyalty_project.core import clock
from loyalty_project.core.models import Project
from redemptions.context import Request, Wanted
from redemptions.models import Redemption
from redemptions.services import redemptions
from redemptions.services.tries import NotRedeemable
from tests.factories.product import ProductFactory

pytestmark = pytest.mark.django_db(transaction=True)

BEANS = {"source_id": "beans", "related_object": "product", "quantity": 1}
LIMIT = {"limits": [{"measure": "redemptions", "value": 0}]}
FLOOR = {"margin_floor": {"amount": 0}}


def buyer(project):
    request = Request(redeemables=(Wanted("voucher", "FIVE"),), order={"items": [BEANS]})
    return lambda: redemptions.redeem(project=project, request=request, at=clock.now())


def changed(project, data):
    """How many redemptions there were when the change was true."""
    safety.put(project=project, data=data, at=clock.now())
    return Redemption.objects.filter(result="SUCCESS").count()


@pytest.fixture
def sold(code, in_project):
    """A code of 5.00 off, and beans that cost what they sell for."""
    ProductFactory(source_id="beans", price=2000, cost=2000)
    return code("FIVE")


def change_while_redeemed(at_once, project, inside, data):
    def change():
        inside.wait(5)
        return changed(project, data)

    result, seen = at_once([buyer(project), change])
    assert isinstance(result, redemptions.Redeemed)
    return seen


@pytest.mark.requirement(88, 89)
@pytest.mark.parametrize("data", [LIMIT, FLOOR])
def test_a_change_waits_for_what_was_decided_by_the_old_one(
    at_once, sold, in_project, paused, data
):
    inside = paused(redemptions, "_commit")

    assert change_while_redeemed(at_once, in_project, inside, data) == 1


@pytest.mark.parametrize("data", [LIMIT, FLOOR])
def test_without_the_lock_it_would_be_true_too_early(
    at_once, sold, in_project, paused, monkeypatch, data
):
    monkeypatch.setattr(state, "exclusive_combinations", lambda **_values: None)
    inside = paused(redemptions, "_commit")

    assert change_while_redeemed(at_once, in_project, inside, data) == 0
    assert Redemption.objects.filter(result="SUCCESS").count() == 1


@pytest.mark.requirement(88, 89)
@pytest.mark.parametrize("data", [LIMIT, FLOOR])
def test_who_began_before_the_change_decides_by_the_new_one(
    at_once, sold, in_project, paused, data
):
    inside = paused(state, "stamp")

    def redeem():
        inside.wait(5)
        return buyer(Project.objects.get(pk=in_project.pk))()

    seen, result = at_once([lambda: changed(in_project, data), redeem])

    assert seen == 0
    if data is LIMIT:
        assert (type(result), result.key) == (NotRedeemable, "redemption_rules_violated")
    else:
        assert result.order.discount_amount == 0
