"""Counting uses: guards of limited codes, appended uses of unlimited ones."""

import pytest
from django.db import OperationalError, transaction

from campaigns import tasks
from campaigns.models import UsageDelta, Voucher
from campaigns.services import counting
from loyalty_project.core import guarded, tenancy
from tests.factories.campaign import DefinitionVersionFactory
from tests.factories.voucher import UsageDeltaFactory, VoucherFactory, uses_of

pytestmark = pytest.mark.usefixtures("in_project")


def consume(voucher, at, times=1):
    with transaction.atomic():
        guarded.run([counting.consume(voucher=voucher, at=at, times=times)])


def give_back(voucher, at):
    with transaction.atomic():
        guarded.run([counting.give_back(voucher=voucher, at=at)])


def test_counts_a_limited_code_up_to_its_limit(at):
    voucher = VoucherFactory(redemption_limit=2)
    consume(voucher, at)
    consume(voucher, at)

    with pytest.raises(guarded.GuardRefused):
        consume(voucher, at)

    assert uses_of(voucher) == 2
    give_back(voucher, at)
    assert uses_of(voucher) == 1


def test_appends_the_uses_of_an_unlimited_code(at):
    voucher = VoucherFactory(redemption_limit=None)

    consume(voucher, at, times=3)
    give_back(voucher, at)

    assert Voucher.objects.get().redeemed_count == 0
    assert list(UsageDelta.objects.order_by("pk").values_list("count", flat=True)) == [3, -1]
    assert uses_of(voucher) == 2


@pytest.mark.parametrize("limit", [None, 5])
def test_refuses_a_code_that_changed_since_it_was_read(at, limit):
    voucher = VoucherFactory(redemption_limit=limit)
    other = DefinitionVersionFactory()
    for change in ({"active": False}, {"deleted_at": at}, {"definition": other}):
        Voucher.objects.update(active=True, deleted_at=None, definition=voucher.definition_id)
        Voucher.objects.update(**change)

        with pytest.raises(guarded.GuardRefused):
            consume(voucher, at)

    assert uses_of(voucher) == 0


def test_folds_what_was_appended_without_changing_the_sum(project, at):
    voucher = VoucherFactory(redemption_limit=None)
    other = UsageDeltaFactory(count=4).voucher
    for _ in range(5):
        consume(voucher, at)
    give_back(voucher, at)

    assert counting.fold(project=project) == 7

    assert not UsageDelta.objects.exists()
    voucher.refresh_from_db()
    assert voucher.redeemed_count == uses_of(voucher) == 4
    assert uses_of(other) == 4
    assert counting.fold(project=project) == 0


def test_a_count_that_cannot_be_right_does_not_stop_the_others(project, other_project, at):
    wrong, right = VoucherFactory(redemption_limit=None), VoucherFactory(redemption_limit=None)
    UsageDeltaFactory(voucher=wrong, count=-1)
    UsageDeltaFactory(voucher=right, count=2)
    with tenancy.scope(other_project):
        elsewhere = VoucherFactory(project=other_project, redemption_limit=None)
        UsageDeltaFactory(project=other_project, voucher=elsewhere, count=3)

    tasks.fold()

    right.refresh_from_db()
    wrong.refresh_from_db()
    assert (wrong.redeemed_count, right.redeemed_count) == (0, 2)
    assert list(UsageDelta.objects.values_list("voucher", "count")) == [(wrong.pk, -1)]
    with tenancy.scope(other_project):
        elsewhere.refresh_from_db()
    assert elsewhere.redeemed_count == 3


def test_a_project_that_fails_does_not_stop_the_others(project, other_project, monkeypatch):
    voucher = VoucherFactory(redemption_limit=None)
    UsageDeltaFactory(voucher=voucher, count=2)
    with tenancy.scope(other_project):
        elsewhere = VoucherFactory(project=other_project, redemption_limit=None)
        UsageDeltaFactory(project=other_project, voucher=elsewhere, count=3)
    fold = counting.fold

    def broken(*, project):
        if project == other_project:
            raise OperationalError("canceling statement due to statement timeout")
        return fold(project=project)

    monkeypatch.setattr(counting, "fold", broken)
    tasks.fold()

    voucher.refresh_from_db()
    assert voucher.redeemed_count == 2
    with tenancy.scope(other_project):
        assert UsageDelta.objects.count() == 1
