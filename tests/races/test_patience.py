"""Who meets a row that somebody keeps is told so after one lock timeout, wherever in the queue."""

import threading
import time

import pytest
from django.db import connection, transaction

from loyalty_project.core import clock
from loyalty_project.core.errors import Busy
from redemptions.services import rollbacks
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import LimitFactory
from tests.races.test_limits import buyer

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_waits_together_take_one_lock_timeout(at_once, code, in_project, settings):
    """Three in a queue, which PostgreSQL would let wait for 3 s in it and 3 s at its head."""
    settings.LOCK_TIMEOUT_MS = 500
    campaign = CampaignFactory()
    LimitFactory(campaign=campaign, value=50)
    code("FIVE", campaign=campaign)
    buy = buyer(in_project, "FIVE")
    (mine,) = buy().redemptions
    held, told = threading.Event(), threading.Barrier(5)

    def hold():
        with transaction.atomic():
            buy()
            held.set()
            told.wait(30)

    def undo():
        rollbacks.roll_back(
            project=in_project,
            reference=mine.public_id,
            wish=rollbacks.Wish(),
            at=clock.now(),
        )

    def timed(job):
        def run():
            held.wait(10)
            began = time.monotonic()
            try:
                with pytest.raises(Busy) as busy:
                    job()
                return time.monotonic() - began, busy.value.extra["retry_after"]
            finally:
                told.wait(30)

        return run

    _holder, *waits = at_once([hold, *[timed(buy)] * 3, timed(undo)])

    assert [again for _seconds, again in waits] == [1] * 4
    assert max(seconds for seconds, _again in waits) < 2.5
    assert buy().order.discount_amount == 500
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "1min"
