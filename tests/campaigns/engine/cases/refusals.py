"""Each reason at its boundary: the last second that is refused and the first that is not."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from campaigns.engine.facts import Usage
from campaigns.engine.redeemable import Campaign, DailyHours, Redeemable, Timeframe, Validity
from loyalty_project.core import durations
from tests.campaigns.engine.build import AT, tier, voucher

SECOND = timedelta(seconds=1)


def frame(interval: str, duration: str) -> Timeframe:
    return Timeframe(durations.parse(interval), durations.parse(duration))


def within(validity: Validity, *, at: datetime = AT) -> tuple[Redeemable, datetime]:
    return voucher("V", validity=validity), at


def inside_campaign(validity: Validity, *, at: datetime = AT) -> tuple[Redeemable, datetime]:
    return voucher("V", campaign=Campaign("camp_1", validity=validity)), at


def limited(limit: int | None, redeemed: int, held: int = 0) -> tuple[Redeemable, datetime]:
    return voucher("V", usage=Usage(limit, redeemed, held)), AT


def of_tier(validity: Validity, *, at: datetime = AT) -> tuple[Redeemable, datetime]:
    return tier("T", validity=validity), at


OFF = Campaign("camp_1", active=False)
STARTED = AT - timedelta(days=2)
EVERY_OTHER_DAY = Validity(starts_at=STARTED, timeframe=frame("P2D", "P1D"))
# 12:00 UTC on Wednesday 11 June 2025 is 14:00 in Berlin.
TWO_TO_FOUR = Validity(daily_hours=(DailyHours(frozenset({3}), time(14), time(16)),))
NIGHT = Validity(daily_hours=(DailyHours(frozenset({3}), time(22), time(2)),))


REFUSALS: dict[str, tuple[tuple[Redeemable, datetime], str | None]] = {
    "known": ((voucher("V"), AT), None),
    "unknown": ((replace(voucher("V"), exists=False), AT), "not_found"),
    "disabled": ((voucher("V", active=False), AT), "voucher_disabled"),
    "tier disabled": ((tier("T", active=False), AT), "promotion_inactive"),
    "campaign disabled": ((voucher("V", campaign=OFF), AT), "campaign_not_active"),
    "campaign of a tier disabled": ((tier("T", campaign=OFF), AT), "promotion_inactive"),
    "one second before the start": (within(Validity(AT + SECOND)), "voucher_not_active"),
    "at the start": (within(Validity(AT)), None),
    "one second before the campaign": (
        inside_campaign(Validity(AT + SECOND)),
        "voucher_not_active",
    ),
    "at the start of the campaign": (inside_campaign(Validity(AT)), None),
    "tier before its start": (of_tier(Validity(AT + SECOND)), "promotion_not_active_now"),
    "one second before the end": (within(Validity(None, AT + SECOND)), None),
    "at the end": (within(Validity(None, AT)), "voucher_expired"),
    "one second before the end of the campaign": (
        inside_campaign(Validity(None, AT + SECOND)),
        None,
    ),
    "at the end of the campaign": (inside_campaign(Validity(None, AT)), "voucher_expired"),
    "tier at its end": (of_tier(Validity(None, AT)), "promotion_not_active_now"),
    "frame begins": (within(EVERY_OTHER_DAY), None),
    "one second before the frame": (
        within(EVERY_OTHER_DAY, at=AT - SECOND),
        "voucher_not_active_now",
    ),
    "last second of the frame": (
        within(EVERY_OTHER_DAY, at=AT + timedelta(days=1) - SECOND),
        None,
    ),
    "frame over": (
        within(EVERY_OTHER_DAY, at=AT + timedelta(days=1)),
        "voucher_not_active_now",
    ),
    "frame without any start": (
        within(Validity(timeframe=frame("P2D", "P1D"))),
        "voucher_not_active_now",
    ),
    "tier outside its frame": (
        of_tier(EVERY_OTHER_DAY, at=AT - SECOND),
        "promotion_not_active_now",
    ),
    "last second of another day in Berlin": (
        within(
            Validity(days_of_week=frozenset({3})), at=datetime(2025, 6, 10, 21, 59, 59, tzinfo=UTC)
        ),
        "voucher_not_active_now",
    ),
    "first second of the day in Berlin": (
        within(Validity(days_of_week=frozenset({3})), at=datetime(2025, 6, 10, 22, tzinfo=UTC)),
        None,
    ),
    "Sunday is 0": (
        within(Validity(days_of_week=frozenset({0})), at=datetime(2025, 6, 15, 12, tzinfo=UTC)),
        None,
    ),
    "one second before the hours": (within(TWO_TO_FOUR, at=AT - SECOND), "voucher_not_active_now"),
    "hours begin": (within(TWO_TO_FOUR), None),
    "last second of the hours": (within(TWO_TO_FOUR, at=AT + timedelta(hours=2) - SECOND), None),
    "hours over": (within(TWO_TO_FOUR, at=AT + timedelta(hours=2)), "voucher_not_active_now"),
    "hours of another day": (
        within(TWO_TO_FOUR, at=AT + timedelta(days=1)),
        "voucher_not_active_now",
    ),
    "hours of the campaign": (
        inside_campaign(TWO_TO_FOUR, at=AT - SECOND),
        "voucher_not_active_now",
    ),
    "one second before the night": (
        within(NIGHT, at=datetime(2025, 6, 11, 19, 59, 59, tzinfo=UTC)),
        "voucher_not_active_now",
    ),
    "the night begins": (within(NIGHT, at=datetime(2025, 6, 11, 20, tzinfo=UTC)), None),
    "past midnight of the night": (
        within(NIGHT, at=datetime(2025, 6, 11, 23, 59, 59, tzinfo=UTC)),
        None,
    ),
    "end of the night": (
        within(NIGHT, at=datetime(2025, 6, 12, 0, tzinfo=UTC)),
        "voucher_not_active_now",
    ),
    "early on the day on which the night begins": (
        within(NIGHT, at=datetime(2025, 6, 10, 23, tzinfo=UTC)),
        "voucher_not_active_now",
    ),
    "until the end of the day": (
        within(
            Validity(daily_hours=(DailyHours(start=time(14)),)),
            at=datetime(2025, 6, 11, 21, 59, 59, tzinfo=UTC),
        ),
        None,
    ),
    "hours that end when they start last a day": (
        within(
            Validity(daily_hours=(DailyHours(frozenset({3}), time(14), time(14)),)),
            at=AT + timedelta(days=1) - SECOND,
        ),
        None,
    ),
    "open hours of another day": (
        within(Validity(daily_hours=(DailyHours(frozenset({4}), time(14)),))),
        "voucher_not_active_now",
    ),
    "before open hours": (
        within(Validity(daily_hours=(DailyHours(start=time(14)),)), at=AT - SECOND),
        "voucher_not_active_now",
    ),
    "one use left": (limited(2, 1), None),
    "no use left": (limited(2, 2), "quantity_exceeded"),
    "the last use is held": (limited(2, 1, held=1), "quantity_exceeded"),
    "no limit": (limited(None, 1_000_000), None),
    "no use at all": (limited(0, 0), "quantity_exceeded"),
}

# Each stands before the next: whoever has both faults hears of the first.
ORDER_OF_REASONS = (
    ("not_found", {"exists": False}),
    ("voucher_disabled", {"active": False}),
    ("campaign_not_active", {"campaign": OFF}),
    ("voucher_not_active", {"validity": Validity(AT + SECOND, AT)}),
    ("voucher_expired", {"validity": Validity(None, AT, days_of_week=frozenset({0}))}),
    ("voucher_not_active_now", {"validity": Validity(days_of_week=frozenset({0}))}),
    ("quantity_exceeded", {"usage": Usage(1, 1)}),
)
