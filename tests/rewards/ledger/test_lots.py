"""What expires first pays first."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rewards.ledger import lots
from rewards.ledger.lots import OpenLot, Taken

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def lot(key, left, days):
    return OpenLot(key, left, AT + timedelta(days=days))


def test_takes_from_the_lot_that_expires_first_and_then_from_the_next():
    open_lots = [lot(1, 50, days=30), lot(2, 20, days=7), lot(3, 10, days=7)]

    assert lots.split(35, open_lots, AT) == (Taken(2, 20), Taken(3, 10), Taken(1, 5))
    assert lots.split(100, open_lots, AT) == (Taken(2, 20), Taken(3, 10), Taken(1, 50))


def test_an_expired_lot_pays_nothing_and_is_not_to_be_spent():
    open_lots = [lot(1, 50, days=0), lot(2, 20, days=1)]

    assert lots.split(35, open_lots, AT) == (Taken(2, 20),)
    assert lots.expired(open_lots, AT) == 50


LOTS = st.lists(st.tuples(st.integers(1, 1000), st.integers(-3, 3)), max_size=6)


@given(amount=st.integers(0, 5000), given_lots=LOTS)
def test_never_takes_more_than_was_asked_or_than_there_is(amount, given_lots):
    open_lots = [lot(key, left, days) for key, (left, days) in enumerate(given_lots)]

    taken = lots.split(amount, open_lots, AT)

    there = {one.key: one.left for one in open_lots if one.expires_at > AT}
    assert sum(one.amount for one in taken) == min(amount, sum(there.values()))
    assert all(0 < one.amount <= there[one.key] for one in taken)
    ends = [next(each.expires_at for each in open_lots if each.key == one.key) for one in taken]
    assert ends == sorted(ends)
