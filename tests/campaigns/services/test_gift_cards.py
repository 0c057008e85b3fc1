"""Cash for what is left on a card, where the law lets it be given."""

import pytest

from campaigns.services import gift_cards, jurisdictions, vouchers
from loyalty_project.core.models import OutboxEvent
from rewards.models import LedgerAccount
from tests.factories.jurisdiction import JurisdictionFactory

pytestmark = pytest.mark.usefixtures("in_project")


@pytest.fixture
def card(project, at):
    data = {"type": "GIFT_VOUCHER", "gift": {"amount": 400}}
    return vouchers.create(project=project, data=data, code="GIFT", at=at)


def pay_out(project, card, at):
    return gift_cards.cash_out(project=project, voucher=card, reason="Ada, at the till", at=at)


@pytest.mark.requirement(301)
def test_all_that_is_free_is_paid_out_and_told(project, card, at):
    JurisdictionFactory(code="US-ME", cash_out="REQUIRED", cash_out_below=500, is_default=True)
    LedgerAccount.objects.update(held=150)

    entry = pay_out(project, card, at)

    assert (entry.kind, entry.amount, entry.balance_after) == ("cash_out", -250, 150)
    assert (entry.reason, entry.total_after) == ("Ada, at the till", 150)
    told = OutboxEvent.objects.get(type="voucher.gift.transaction.created").data["transaction"]
    assert (told["type"], told["wafa_kind"]) == ("CREDITS_REMOVAL", "cash_out")


@pytest.mark.requirement(301)
@pytest.mark.parametrize(
    "law", [{"cash_out": "NEVER"}, {"cash_out": "ALLOWED", "cash_out_below": 400}, None]
)
def test_where_the_law_does_not_let_it_nothing_is_paid_out(project, card, at, law):
    if law is not None:
        JurisdictionFactory(is_default=True, **law)

    with pytest.raises(gift_cards.NoCashOut):
        pay_out(project, card, at)

    assert LedgerAccount.objects.get().balance == 400


def test_one_law_is_that_of_the_project(project, at):
    first = JurisdictionFactory(is_default=True)

    second = jurisdictions.create(
        project=project, data={"code": "DE", "name": "Germany", "is_default": True}, at=at
    )

    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    for data, error in (
        ({"code": "DE", "name": "Again"}, jurisdictions.DuplicateJurisdiction),
        ({"code": "X", "name": "X", "cash_out_below": -1}, Exception),
    ):
        with pytest.raises(error):
            jurisdictions.create(project=project, data=data, at=at)
