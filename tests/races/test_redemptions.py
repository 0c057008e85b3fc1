"""Redeeming at the same moment: limits hold, counts are exact, off means off."""

import pytest

from campaigns.models import UsageDelta
from campaigns.services import campaigns, counting, vouchers
from loyalty_project.core import clock, guarded
from redemptions.context import Request, Wanted
from redemptions.models import Order, Redemption, RedemptionRollback
from redemptions.services import redemptions, rollbacks, tries
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.campaign import CampaignFactory
from tests.factories.voucher import uses_of

pytestmark = pytest.mark.django_db(transaction=True)


def buyer(project, *names, **order):
    wanted = tuple(Wanted("voucher", name) for name in names)
    request = Request(redeemables=wanted, order={"amount": 2000, **order})
    return lambda: redemptions.redeem(project=project, request=request, at=clock.now())


def succeeded(results):
    return [result for result in results if isinstance(result, redemptions.Redeemed)]


def keys(results):
    return sorted(error.key for error in results if isinstance(error, Exception))


def test_a_code_for_one_use_is_used_once_by_eight_buyers(at_once, code, in_project):
    voucher = code("ONCE", limit=1)

    results = at_once([buyer(in_project, "ONCE")] * 8)

    voucher.refresh_from_db()
    assert len(succeeded(results)) == 1
    assert keys(results) == ["quantity_exceeded"] * 7
    assert voucher.redeemed_count == 1
    assert Redemption.objects.filter(result="SUCCESS").count() == 1
    assert Redemption.objects.filter(result="FAILURE").count() == 7
    assert Order.objects.count() == 1


def test_without_the_guard_it_would_be_used_more_often(at_once, code, in_project, monkeypatch):
    voucher = code("ONCE", limit=1)
    unguarded = guarded.Statement(
        "UPDATE campaigns_voucher SET metadata = metadata WHERE id = %s", (voucher.pk,), rows=1
    )
    monkeypatch.setattr(counting, "consume", lambda **_values: unguarded)

    results = at_once([buyer(in_project, "ONCE")] * 8)

    assert len(succeeded(results)) > 1


def test_a_code_for_three_uses_is_used_three_times_by_eight_buyers(at_once, code, in_project):
    voucher = code("THRICE", limit=3)

    results = at_once([buyer(in_project, "THRICE")] * 8)

    voucher.refresh_from_db()
    assert len(succeeded(results)) == 3
    assert keys(results) == ["quantity_exceeded"] * 5
    assert voucher.redeemed_count == 3


@pytest.mark.requirement(16)
def test_a_code_without_limit_is_counted_exactly(at_once, code, in_project):
    voucher = code("ALL")

    results = at_once([buyer(in_project, "ALL")] * 8)

    assert len(succeeded(results)) == 8
    assert UsageDelta.objects.filter(voucher=voucher).count() == 8
    assert uses_of(voucher) == 8
    counting.fold(project=in_project)
    voucher.refresh_from_db()
    assert voucher.redeemed_count == 8
    assert uses_of(voucher) == 8
    assert not UsageDelta.objects.exists()


def test_nothing_is_redeemed_once_switching_off_has_returned(at_once, code, in_project):
    campaign = CampaignFactory(project=in_project)
    code("ALL", campaign=campaign)
    code("LIMITED", campaign=campaign, limit=1000)
    off = {}

    def switch_off():
        campaigns.disable(project=in_project, campaign=campaign, at=clock.now())
        off["redemptions"] = Redemption.objects.filter(result="SUCCESS").count()

    def keep_buying(name):
        def buy():
            for _time in range(10):
                try:
                    buyer(in_project, name)()
                except tries.NotRedeemable as error:
                    return error
            return None

        return buy

    results = at_once([keep_buying("ALL"), keep_buying("LIMITED"), switch_off])

    assert Redemption.objects.filter(result="SUCCESS").count() == off["redemptions"]
    assert {error.key for error in results[:2] if error is not None} <= {"campaign_not_active"}


def test_a_code_that_is_switched_off_takes_no_more_uses(at_once, code, in_project):
    voucher = code("ALL")
    off = {}

    def switch_off():
        vouchers.set_active(project=in_project, voucher=voucher, active=False, at=clock.now())
        off["uses"] = uses_of(voucher)

    at_once([*[buyer(in_project, "ALL")] * 5, switch_off])

    assert uses_of(voucher) == off["uses"]
    assert Redemption.objects.filter(result="SUCCESS").count() == off["uses"]


def test_a_redemption_is_taken_back_once(at_once, code, in_project):
    voucher = code("TWICE", limit=2)
    done = buyer(in_project, "TWICE")()
    buyer(in_project, "TWICE")()
    redemption = done.redemptions[0]

    results = at_once(
        [
            lambda: rollbacks.roll_back(
                project=in_project,
                reference=redemption.public_id,
                wish=rollbacks.Wish(),
                at=clock.now(),
            )
        ]
        * 4
    )

    voucher.refresh_from_db()
    assert keys(results) == ["already_rolled_back"] * 3
    assert RedemptionRollback.objects.filter(result="SUCCESS").count() == 1
    assert RedemptionRollback.objects.filter(result="FAILURE").count() == 3
    assert voucher.redeemed_count == 1


@pytest.mark.requirement(190)
def test_the_same_idempotency_key_at_once_redeems_once(at_once, code, project):
    code("FIVE", limit=5)
    headers = {**server_headers(project), "Idempotency-Key": "till-1"}
    body = {
        "redeemables": [{"object": "voucher", "id": "FIVE"}],
        "order": {"amount": 2000},
    }

    results = at_once([lambda: ApiClient(headers).post("/v1/redemptions", body)] * 4)

    answers = {result.json()["redemptions"][0]["id"] for result in results}
    assert [result.status_code for result in results] == [200] * 4
    assert len(answers) == 1
    assert Redemption.objects.count() == 1


def test_crossed_stacks_do_not_wait_for_each_other_for_ever(at_once, code, in_project):
    first, second = code("A", limit=100), code("B", limit=100)

    results = at_once([buyer(in_project, "A", "B"), buyer(in_project, "B", "A")] * 4)

    first.refresh_from_db()
    second.refresh_from_db()
    assert len(succeeded(results)) == 8
    assert (first.redeemed_count, second.redeemed_count) == (8, 8)


def test_two_redemptions_of_one_order_add_up(at_once, code, in_project):
    code("A", limit=10)
    code("B", limit=10)
    buyer(in_project, "A", source_id="o-1")()

    def with_stored_order(name):
        request = Request(redeemables=(Wanted("voucher", name),), order={"source_id": "o-1"})
        return lambda: redemptions.redeem(project=in_project, request=request, at=clock.now())

    results = at_once([with_stored_order("A"), with_stored_order("B")])

    order = Order.objects.get()
    assert len(succeeded(results)) == 2
    assert (order.discount_amount, order.total_amount) == (1500, 500)


def test_a_new_order_is_made_once_by_two_redemptions(at_once, code, in_project):
    code("A")
    code("B")

    results = at_once(
        [buyer(in_project, "A", source_id="o-1"), buyer(in_project, "B", source_id="o-1")]
    )

    order = Order.objects.get()
    assert len(succeeded(results)) == 2
    assert (order.discount_amount, order.total_amount) == (1000, 1000)
