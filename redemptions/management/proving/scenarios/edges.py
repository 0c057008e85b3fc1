"""Beginnings and ends to the second, and the borders of days where the shop is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import Shop

BEGIN = datetime(2030, 5, 1, 12, tzinfo=UTC)
END = BEGIN + timedelta(hours=1)
INSTANT = timedelta(microseconds=1)
# Where scratch projects are, the first day has no midnight, and the second one 25 hours.
DAYS = (date(2024, 3, 31), date(2024, 10, 26))


def run(shop: Shop) -> Iterator[Finding]:
    """A code of an hour; then a limit per day at both ends of a day that is not of 24 hours."""
    code = shop.code(start_date=BEGIN, expiration_date=END).code
    moments = {BEGIN - INSTANT: 0, BEGIN: 1, END - INSTANT: 1, END: 0}
    for at, wanted in moments.items():
        seen = len(shop.at_once([shop.buy(code, at=at)]).redeemed)
        yield equal(f"a code from {BEGIN:%H:%M} to {END:%H:%M}, at {at:%H:%M:%S.%f}", seen, wanted)
    for day in DAYS:
        yield from _day(shop, day)


def _day(shop: Shop, day: date) -> Iterator[Finding]:
    zone = ZoneInfo(shop.project.timezone)
    days = (day, day + timedelta(days=1))
    begin, end = (datetime.combine(each, time(), zone).astimezone(UTC) for each in days)
    campaign = shop.campaign({"measure": "redemptions", "value": 1, "period": "day"})
    code = shop.code(campaign).code
    for at in (begin - INSTANT, begin, end):
        answers = shop.at_once([shop.buy(code, at=at)] * shop.threads)
        local = at.astimezone(zone)
        yield equal(f"one a day, at {local:%Y-%m-%d %H:%M:%S %Z}", len(answers.redeemed), 1)
    answers = shop.at_once([shop.buy(code, at=end - INSTANT)] * shop.threads)
    yield equal("and none before the day is over", len(answers.redeemed), 0)
