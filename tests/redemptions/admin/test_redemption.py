"""The pages of redemptions and rollbacks."""

import pytest
from django.urls import reverse

from redemptions.models import Redemption, RedemptionRollback
from tests.factories.customer import CustomerFactory
from tests.factories.redemption import RedemptionFactory, RedemptionRollbackFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
LIST = "admin:redemptions_redemption_changelist"


def page(redemption):
    return reverse("admin:redemptions_redemption_change", args=[redemption.pk])


def act(redemption):
    return reverse("admin:redemptions_redemption_do", args=[redemption.pk, "roll_back"])


def text(http, url, params=None):
    response = http.get(url, params)
    assert response.status_code == 200
    return response.content.decode()


def found(http, **params):
    rows = http.get(reverse(LIST), params).context["cl"].result_list
    return [redemption.public_id for redemption in rows]


def test_lists_what_happened_with_code_customer_order_and_discount(person, code, redeemed):
    code("FIVE")
    done = redeemed("FIVE", customer={"source_id": "ada", "name": "Ada"})

    listed = text(person("Support agent"), reverse(LIST))

    for word in (done["redemptions"][0]["id"], "FIVE", "Ada", "5.00", "Succeeded"):
        assert word in listed


def test_filters_by_status_and_finds_by_code_and_id(person, api, code, redeemed):
    code("FIVE")
    code("OFF", active=False)
    first = redeemed("FIVE")["redemptions"][0]["id"]
    second = redeemed("FIVE")["redemptions"][0]["id"]
    api.post(f"/v1/redemptions/{first}/rollback")
    wanted = {"redeemables": [{"object": "voucher", "id": "OFF"}]}
    failed = api.post("/v1/redemptions", wanted).json()["resource_id"]
    http = person("Viewer")

    assert found(http) == [failed, second, first]
    assert found(http, status="SUCCEEDED") == [second]
    assert found(http, status="ROLLED_BACK") == [first]
    assert found(http, status="FAILED") == [failed]
    assert found(http, q="FI") == [second, first]
    assert found(http, q=first) == [first]
    assert found(http, q="NONE") == []


def test_shows_what_was_promised_and_what_became_of_the_order(person, code, redeemed):
    code("TEN", {"type": "PERCENT", "percent_off": 12.5})
    redeemed("TEN", amount=2000)

    shown = text(person("Viewer"), page(Redemption.objects.get()))

    for word in ("12.5 % off", "20.00", "2.50", "17.50", "TEN"):
        assert word in shown


def test_says_which_use_it_was_and_by_which_key(person, code, redeemed):
    code("BIG", {"type": "AMOUNT", "amount_off": 5000}, limit=3)
    redeemed("BIG", amount=2000)

    shown = text(person("Viewer"), page(Redemption.objects.get()))

    assert "Use 1 of 3" in shown
    assert "30.00" in shown
    assert "API · Till" in shown


def test_says_in_plain_words_why_it_was_refused(person, api, code):
    code("OFF", active=False)
    api.post("/v1/redemptions", {"redeemables": [{"object": "voucher", "id": "OFF"}]})

    shown = text(person("Viewer"), page(Redemption.objects.get()))

    assert "This code is switched off." in shown
    assert "Refused" in shown


def test_takes_a_redemption_back_with_a_reason(person, code, redeemed):
    voucher = code("ONCE", limit=1)
    redeemed("ONCE")
    redemption = Redemption.objects.get()
    http = person("Support agent")

    asked = text(http, act(redemption))
    response = http.post(act(redemption), {"reason": "Sent back"})

    assert "1 code can be used once more." in asked
    assert response.status_code == 302
    rollback = RedemptionRollback.objects.get()
    assert (rollback.reason, rollback.channel_type) == ("Sent back", "USER")
    assert rollback.channel_id
    voucher.refresh_from_db()
    assert voucher.redeemed_count == 0
    shown = text(http, page(redemption))
    assert "Rolled back" in shown
    assert "Sent back" in shown
    assert reverse("admin:redemptions_redemptionrollback_change", args=[rollback.pk]) in shown


def test_takes_a_stack_back_from_its_parent_only(person, code, redeemed):
    code("FIVE")
    code("ONE", {"type": "AMOUNT", "amount_off": 100})
    redeemed("FIVE", "ONE")
    parent = Redemption.objects.get(parent=None)
    http = person("Administrator")

    http.post(act(parent.children.first()), {"reason": "Sent back"})
    assert not RedemptionRollback.objects.exists()
    assert "Several codes" in text(http, page(parent))
    http.post(act(parent), {"reason": "Sent back"})

    assert RedemptionRollback.objects.count() == 3


def test_asks_for_a_reason(person, code, redeemed):
    code("FIVE")
    redeemed("FIVE")

    response = person("Support agent").post(act(Redemption.objects.get()), {"reason": ""})

    assert "This field is required." in response.content.decode()
    assert not RedemptionRollback.objects.exists()


@pytest.mark.parametrize("role", ["Viewer", "Marketer", "Junior marketer", "Manager"])
def test_only_support_and_administrators_take_back(person, code, redeemed, role):
    code("FIVE")
    redeemed("FIVE")
    redemption = Redemption.objects.get()
    http = person(role)

    response = http.post(act(redemption), {"reason": "Sent back"})

    assert response.status_code == 403
    assert act(redemption) not in text(http, page(redemption))
    assert not RedemptionRollback.objects.exists()


@pytest.mark.requirement(174)
def test_shows_nothing_of_another_project(person, other_project):
    row = RedemptionFactory(
        project=other_project,
        voucher=VoucherFactory(project=other_project),
        order=None,
        customer=CustomerFactory(project=other_project),
    )
    http = person("Administrator")

    assert found(http) == []
    assert http.get(page(row)).status_code in {302, 404}
    assert http.post(act(row), {"reason": "x"}).status_code == 404


def test_reads_a_page_in_few_queries(person, django_assert_max_num_queries):
    RedemptionFactory.create_batch(20)
    http = person("Viewer")

    with django_assert_max_num_queries(20):
        http.get(reverse(LIST))


def test_lists_rollbacks(person):
    rollback = RedemptionRollbackFactory()
    http = person("Viewer")

    listed = text(http, reverse("admin:redemptions_redemptionrollback_changelist"))
    shown = text(http, reverse("admin:redemptions_redemptionrollback_change", args=[rollback.pk]))

    assert rollback.public_id in listed
    assert "Returned" in listed
    assert rollback.redemption.public_id in shown
