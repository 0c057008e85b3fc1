"""Who holds what, on the pages of holds, codes, cards and campaigns; and letting go by hand."""

import pytest
from django.urls import reverse

from campaigns.models import Voucher
from redemptions.models import Hold
from redemptions.tasks import release
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import LimitFactory

pytestmark = pytest.mark.usefixtures("in_project")
LIST = "admin:redemptions_hold_changelist"


@pytest.fixture
def held(api, code, clock):
    """A use of FIVE, of the campaign, and half a card; `held` are the two holds."""
    clock(2026, 3, 10, 8)
    campaign = CampaignFactory(name="Spring sale")
    LimitFactory(campaign=campaign, value=5)
    code("FIVE", limit=1, campaign=campaign)
    api.post("/v1/vouchers/GIFT", {"type": "GIFT_VOUCHER", "gift": {"amount": 10_000}})
    body = {
        "redeemables": [
            {"object": "voucher", "id": "FIVE"},
            {"object": "voucher", "id": "GIFT", "gift": {"credits": 5_000}},
        ],
        "order": {"amount": 20_000},
        "customer": {"source_id": "ada", "name": "Ada"},
        "session": {"type": "LOCK", "key": "cart-1", "ttl": 1, "ttl_unit": "HOURS"},
    }
    api.post("/v1/customers", body["customer"])
    assert api.post("/v1/validations", body).json()["valid"] is True
    return list(Hold.objects.order_by("voucher__code"))


def text(http, url):
    response = http.get(url)
    assert response.status_code == 200
    return response.content.decode()


def of_code(name):
    return reverse("admin:campaigns_voucher_change", args=[Voucher.objects.get(code=name).pk])


def act(hold):
    return reverse("admin:redemptions_hold_do", args=[hold.pk, "release"])


def test_pages_show_who_holds_what_and_until_when(person, held, clock):
    http = person("Viewer")
    campaign = reverse("admin:campaigns_campaign_change", args=[held[0].campaign.pk])

    for page in (reverse(LIST), campaign, of_code("FIVE"), of_code("GIFT")):
        shown = text(http, page)
        for word in ("cart-1", "Ada"):
            assert word in shown
    assert "50.00" in text(http, of_code("GIFT"))
    assert act(held[0]) not in text(http, of_code("FIVE"))
    assert act(held[0]) in text(person("Support agent"), of_code("FIVE"))
    assert "All held" in text(http, of_code("FIVE"))
    assert "It was used 0 of 1 times and is held 1 times." in text(http, of_code("FIVE"))
    clock(2026, 3, 10, 9)
    assert "cart-1" not in text(http, of_code("FIVE"))
    assert "cart-1" not in text(http, reverse(LIST))


def test_who_may_releases_after_a_question_and_it_is_on_record(person, held):
    hold, http = held[0], person("Support agent")

    asked = text(http, act(hold))
    done = http.post(act(hold))

    assert "Others can use what the session keeps of FIVE at once." in asked
    assert (done.status_code, done.url) == (302, of_code("FIVE"))
    voucher = Voucher.objects.get(code="FIVE")
    assert (voucher.held_count, list(Hold.objects.all())) == (0, [held[1]])
    record = Hold.history.get()
    assert (record.history_type, record.session_key) == ("-", "cart-1")
    assert record.history_user is not None
    assert http.post(act(hold)).status_code in {302, 404}
    assert Voucher.objects.get(code="FIVE").held_count == 0


def test_others_may_not(person, held):
    for role in ("Viewer", "Junior marketer"):
        http = person(role)
        assert http.post(act(held[0])).status_code == 403
    assert Hold.objects.count() == 2


def test_the_sweep_lets_go_of_what_has_expired_and_of_nothing_else(held, api, clock):
    release()
    assert Hold.objects.count() == 2
    clock(2026, 3, 10, 9)

    release()

    voucher = Voucher.objects.get(code="GIFT")
    assert (Hold.objects.count(), voucher.account.held) == (0, 0)
    assert Voucher.objects.get(code="FIVE").held_count == 0
    assert not Hold.history.exists()
