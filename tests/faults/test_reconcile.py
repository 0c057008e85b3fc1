"""The checker sees what it is there for: each doctored journal is told from a true one."""

from dataclasses import replace

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models import OutboxEvent, WebhookDelivery
from tests.factories.webhook import WebhookEndpointFactory
from tests.faults import journal
from tests.faults.journal import Write
from tests.faults.reconcile import reconcile, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(api):
    """`bought("key")`: a redemption as a client journals it."""
    discount = {"type": "AMOUNT", "amount_off": 500}
    api.post("/v1/vouchers/OPEN", {"type": "DISCOUNT_VOUCHER", "discount": discount})

    def buy(key, *, in_metadata=None):
        body = {
            "redeemables": [{"object": "voucher", "id": "OPEN"}],
            "order": {"amount": 2_000},
            "metadata": {"key": in_metadata or key},
        }
        answer = api.post("/v1/redemptions", body, headers={"Idempotency-Key": key}).json()
        made = answer["redemptions"][0]["id"]
        return Write(key, "redeem", "OPEN", "/v1/redemptions", body, journal.OK, made)

    return buy


@pytest.fixture
def wrong(project, work):
    """What does not hold for a journal, as `{what must be true: what was seen}`."""

    def find(*writes):
        work()
        findings = reconcile(project, list(writes))
        return {each.said: each.seen for each in findings if not each.holds}

    return find


def returned(api, bought):
    path = f"/v1/redemptions/{bought.made}/rollback"
    answer = api.post(path, {}, headers={"Idempotency-Key": "back"}).json()
    return Write("back", "rollback", bought.made, path, {}, journal.OK, answer["id"])


def test_a_true_journal_holds(api, bought, wrong):
    one, two = bought("1"), bought("2")

    assert wrong(one, two, returned(api, two)) == {}


def test_an_acknowledged_write_that_is_not_there_is_lost(api, bought, wrong):
    one = bought("1")
    back = returned(api, one)

    lost = replace(one, key="2", made="r_lost")
    assert wrong(one, back, lost) == {"every acknowledged redeem is there": "1 rows; 2"}
    forgotten = replace(back, key="3", of="r_other", made="rr_lost")
    found = wrong(one, back, forgotten)
    assert found == {"every acknowledged rollback is there": "1 rows; r_other"}


def test_a_write_that_is_there_twice_is_seen(bought, wrong):
    said = "and once, each redeem for one key"
    one = bought("1")
    assert wrong(one, replace(one, key="2")) == {
        "every acknowledged redeem is there": "1 rows; 2",
        said: f"1 rows; {one.made}",
    }

    bought("2", in_metadata="1")
    assert wrong(one)[said] == "1 rows; 1"


def test_what_no_client_was_told_of_is_seen(bought, wrong):
    one, two = bought("1"), bought("2")
    said = "there is no redeem that no client was told of"

    assert wrong(one) == {said: "1 rows; 2"}
    assert wrong(one, replace(two, state=journal.REFUSED, made="")) == {said: "1 rows; 2"}


def test_a_write_without_an_answer_is_not_settled(bought, wrong):
    open_ = replace(bought("1"), state=journal.UNKNOWN, made="")

    assert wrong(open_)["every write has an answer in the end"] == "1 rows; 1"


def test_a_journal_ends_with_the_last_line_of_each_key(tmp_path):
    book, write = journal.Journal(tmp_path / "journal"), Write("1", "redeem", "OPEN", "/", {})
    for state in (journal.INVOKE, journal.UNKNOWN):
        book.note(write, state)
    book.note(write, journal.OK, "r_1")
    book.note(replace(write, key="2"), journal.REFUSED)
    book.close()

    assert [(one.key, one.state, one.made) for one in book.writes()] == [
        ("1", "ok", "r_1"),
        ("2", "refused", ""),
    ]


def test_events_that_were_not_received_or_under_two_ids_are_seen(project, bought, work):
    event = "redemption.succeeded"
    with tenancy.scope(project):
        WebhookEndpointFactory(project=project, events=[event])
    bought("1")
    work()
    with tenancy.scope(project):
        row = OutboxEvent.objects.get(type=event)
        delivery = WebhookDelivery.objects.get(event=row)
        call = (delivery.public_id, row.public_id)

        def holds(*calls):
            return [finding.holds for finding in told(project, [event], calls)]

        assert holds(call, call) == [True, True]
        assert holds() == [False, True]
        assert holds(call, ("whs_other", row.public_id)) == [True, False]
        assert holds(call, ("whs_other", "ev_nobody")) == [True, False]
