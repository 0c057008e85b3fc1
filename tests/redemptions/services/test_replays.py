"""A campaign over the last real orders: what it would have cost, and for whom."""

from datetime import timedelta

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models import AsyncAction
from redemptions.models import OrderItem, Redemption, UsageCounter
from redemptions.services import replays
from tests.factories.campaign import CampaignFactory, DefinitionVersionFactory
from tests.factories.collection import CollectionFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import LimitFactory, MarginFloorFactory
from tests.factories.order import OrderFactory
from tests.factories.product import ProductFactory
from tests.factories.promotion import PromotionFactory, PromotionTierFactory
from tests.factories.voucher import VoucherFactory
from tests.redemptions.terms import ruled

pytestmark = pytest.mark.django_db
FIVE = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 500}}


@pytest.fixture
def campaign(in_project, at):
    """It begins next year: its dates do not count."""
    return CampaignFactory(
        definition=DefinitionVersionFactory(data=FIVE), starts_at=at + timedelta(days=365)
    )


@pytest.fixture
def orders(in_project, at):
    """Three orders of two customers on two days, and one that was not paid."""
    ada, bob = CustomerFactory(source_id="ada"), CustomerFactory(source_id="bob")
    made = [(ada, 1000, 2), (bob, 4000, 2), (ada, 9000, 1)]
    for customer, amount, days in made:
        OrderFactory(
            customer=customer,
            status="PAID",
            amount=amount,
            initial_amount=amount,
            total_amount=amount,
            created_at=at - timedelta(days=days),
        )
    OrderFactory(status="CREATED", amount=7000, total_amount=7000, created_at=at)


def bought(product, at, **values):
    """A paid order of one unit."""
    price = product.price
    amounts = dict.fromkeys(("amount", "initial_amount", "total_amount"), price)
    order = OrderFactory(status="PAID", created_at=at, **amounts, **values)
    OrderItem.objects.create(
        order=order,
        position=0,
        product_id=product.public_id,
        quantity=1,
        price=price,
        amount=price,
        product={"id": product.public_id, "name": product.name, "price": price},
    )


def replayed(project, campaign, work, at, count=100):
    action = replays.start(project=project, campaign=campaign, count=count, at=at)
    work()
    action = AsyncAction.objects.get(pk=action.pk)
    assert action.status == "DONE", action.result
    return action.result["replay"]


def test_says_uses_cost_days_and_customers(in_project, campaign, orders, work, at):
    found = replayed(in_project, campaign, work, at)

    assert (found["orders"], found["uses"], found["cost"]) == (3, 3, 1500)
    assert (found["customers"], found["revenue"]) == (2, 12500)
    assert found["days"] == [
        {"day": "2026-02-28", "uses": 2, "cost": 1000},
        {"day": "2026-03-01", "uses": 1, "cost": 500},
    ]
    assert found["came_anyway"] == {"uses": 3, "cost": 1500}
    assert not Redemption.objects.exists()
    assert not UsageCounter.objects.exists()


def test_asks_the_rules_with_the_past_as_it_was_then(in_project, campaign, orders, work, at):
    ruled(campaign, ("wafa.customer.orders", "", {"$is": [0]}))

    found = replayed(in_project, campaign, work, at)

    assert (found["uses"], found["refused"]) == (2, {"customer_rules_violated": 1})


def test_asks_what_the_customer_had_bought_until_then(in_project, campaign, work, at):
    """Ada buys tea, then a cup, then nothing of ours; Bob a cup. Tea counts from the next order."""
    ada, bob = CustomerFactory.create_batch(2)
    tea, cup = ProductFactory(price=300), ProductFactory(price=700)
    teas = CollectionFactory(members=[tea])
    for customer, product, days in [(ada, tea, 40), (ada, cup, 20), (bob, cup, 15), (ada, cup, 5)]:
        bought(product, at - timedelta(days=days), customer=customer)
    ruled(campaign, ("wafa.customer.orders_with", f"P30D;{teas.public_id}", {"$is": [1]}))

    found = replayed(in_project, campaign, work, at, count=3)

    assert (found["orders"], found["uses"]) == (3, 1)
    assert [day["day"] for day in found["days"]] == ["2026-02-10"]


def test_keeps_the_limits_of_the_campaign(in_project, campaign, orders, work, at):
    LimitFactory(campaign=campaign, per_customer=True, value=1)

    found = replayed(in_project, campaign, work, at)

    assert (found["uses"], found["refused"]) == (2, {"redemption_rules_violated": 1})


def test_keeps_the_limits_of_its_one_code(in_project, campaign, orders, work, at):
    """It works twice, for what comes to 5.00 and 35.00; and once where that is a cent too much."""
    campaign.type = "STANDALONE"
    campaign.save()
    code = VoucherFactory(
        campaign=campaign, definition=campaign.definition, redemption_limit=2, redeemed_count=1
    )
    own = LimitFactory(voucher=code, measure="orders", value=4000)

    found = replayed(in_project, campaign, work, at)
    assert (found["uses"], found["refused"]) == (2, {"quantity_exceeded": 1})

    own.value = 3999
    own.save()
    found = replayed(in_project, campaign, work, at)
    assert (found["uses"], found["refused"]) == (1, {"redemption_rules_violated": 2})


def test_keeps_the_limits_of_the_project(in_project, campaign, orders, work, at):
    LimitFactory(value=1)

    found = replayed(in_project, campaign, work, at)

    assert (found["uses"], found["cost"]) == (1, 500)
    assert sum(found["refused"].values()) == 2


def test_takes_no_product_below_its_cost(in_project, campaign, work, at):
    """A cup of 10.00 costs 8.00; with a margin of 1.00 only 1.00 can be taken off."""
    cup = ProductFactory(source_id="cup", price=1000, cost=800)
    MarginFloorFactory(amount=100)
    bought(cup, at)

    found = replayed(in_project, campaign, work, at)

    assert (found["uses"], found["cost"]) == (1, 100)


def test_prices_the_gifts_of_the_catalog(in_project, work, at):
    cup = ProductFactory(source_id="cup", price=1000)
    gift = {"type": "UNIT", "unit_off": 1, "unit_type": "cup", "effect": "ADD_NEW_ITEMS"}
    data = {"type": "DISCOUNT_VOUCHER", "discount": gift}
    campaign = CampaignFactory(definition=DefinitionVersionFactory(data=data))
    bought(ProductFactory(source_id="pot", price=3000), at)

    found = replayed(in_project, campaign, work, at)

    assert (found["uses"], found["cost"]) == (1, 1000)
    assert found["products"] == [{"name": cup.name, "quantity": 1, "discount": 1000}]


def line(order, **values):
    known = {"id": "prod_tea", "source_id": "tea", "name": "Tea"}
    return OrderItem.objects.create(order=order, product_id="prod_tea", product=known, **values)


def test_plays_lines_as_they_were_before_any_discount(in_project, work, at):
    ten = {"type": "PERCENT", "percent_off": 10, "effect": "APPLY_TO_ITEMS"}
    definition = DefinitionVersionFactory(data={"type": "DISCOUNT_VOUCHER", "discount": ten})
    tea = CampaignFactory(definition=definition)
    item = {"id": "tea", "source_id": "tea", "object": "product"}
    ruled(tea, ("order.items.any", {"$is": [item]}))
    paid = {"status": "PAID", "created_at": at}
    first = OrderFactory(amount=3000, initial_amount=2000, total_amount=2000, **paid)
    line(
        first,
        position=0,
        quantity=3,
        price=1000,
        amount=3000,
        initial_quantity=2,
        initial_amount=2000,
        discount_quantity=1,
        discount_amount=1000,
    )
    second = OrderFactory(amount=4000, initial_amount=4000, total_amount=4000, **paid)
    for position in (0, 1):
        line(second, position=position, quantity=2, price=1000, amount=2000)
    line(
        second,
        position=2,
        quantity=1,
        price=500,
        amount=500,
        initial_quantity=0,
        initial_amount=0,
        discount_quantity=1,
        discount_amount=500,
    )

    found = replayed(in_project, tea, work, at)

    assert (found["uses"], found["cost"]) == (2, 200 + 400)
    assert found["products"] == [{"name": "Tea", "quantity": 2 + 4, "discount": 600}]


def test_takes_the_last_orders(in_project, campaign, orders, work, at):
    assert replayed(in_project, campaign, work, at, count=1)["orders"] == 1


def test_replays_the_tiers_of_a_promotion(in_project, orders, work, at):
    promotion = PromotionFactory()
    ruled(
        PromotionTierFactory(campaign=promotion), ("order.amount", {"$more_than_or_equal": [4000]})
    )

    found = replayed(in_project, promotion, work, at)

    assert (found["uses"], found["cost"], found["refused"]) == (
        2,
        2000,
        {"order_rules_violated": 1},
    )


def test_a_project_without_orders_has_nothing_to_tell(in_project, campaign, work, at):
    assert replayed(in_project, campaign, work, at)["orders"] == 0


def test_is_no_task_that_published_clients_know(api, in_project, campaign, at):
    action = replays.start(project=in_project, campaign=campaign, count=1, at=at)

    assert api.get("/v1/async-actions").json()["async_actions"] == []
    assert api.get(f"/v1/async-actions/{action.public_id}").status_code == 404


def test_the_page_starts_it_and_tells_what_came_of_it(staff, project, campaign, orders, work):
    http = staff("Marketer")
    url = "/admin/redemptions/redemption/replay/"
    form = http.get(url, {"campaign": campaign.pk}).content.decode()
    assert campaign.name in form

    sent = http.post(url, {"campaign": campaign.pk, "count": 10, "_project": project.public_id})
    with tenancy.scope(project):
        work()

    assert sent.status_code == 302
    page = http.get(sent.url).content.decode()
    assert "15.00" in page
    assert "In all" in page


def test_one_replay_of_a_campaign_at_a_time(in_project, campaign, work, at):
    replays.start(project=in_project, campaign=campaign, count=1, at=at)

    with pytest.raises(replays.UnderWay):
        replays.start(project=in_project, campaign=campaign, count=1, at=at)
    replays.start(project=in_project, campaign=CampaignFactory(), count=1, at=at)
    work()

    assert replays.start(project=in_project, campaign=campaign, count=1, at=at)


def test_the_page_says_that_one_is_under_way(staff, project, in_project, campaign, at):
    replays.start(project=in_project, campaign=campaign, count=1, at=at)

    page = staff("Marketer").post(
        "/admin/redemptions/redemption/replay/",
        {"campaign": campaign.pk, "count": 10, "_project": project.public_id},
    )

    assert "being replayed already. Wait until that has ended." in page.content.decode()
    assert AsyncAction.objects.count() == 1
