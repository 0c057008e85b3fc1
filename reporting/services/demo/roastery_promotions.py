"""The campaigns of the coffee roaster, dated from the day on which the demo is loaded."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reporting.services.demo import moments
from reporting.services.demo.moments import day_from
from reporting.services.demo.plan import Promotion, amount_off, percent_off

_BASKET_10 = percent_off(10, at_most="15.00")


def promotions(at: datetime, zone: ZoneInfo) -> tuple[Promotion, ...]:
    return (
        _welcome(at, zone),
        _black_friday(at, zone),
        _mornings(at, zone),
        _launch(at, zone),
        _win_back(at, zone),
        _next_season(at, zone),
    )


def _welcome(at: datetime, zone: ZoneInfo) -> Promotion:
    return Promotion(
        key="welcome",
        name="Welcome to the roastery",
        description="Ten percent off the first order. Each new customer gets a code by e-mail.",
        section="welcome",
        discount=_BASKET_10,
        created_at=day_from(at, zone, -372) + timedelta(hours=10),
        starts_at=day_from(at, zone, -365),
        prefix="HELLO-",
        pattern="####-####",
        share=30,
        uses=1,
        on_request=True,
        lifetime="P60D",
        weight=60,
        published=45,
        metadata={"team": "retention", "medium": "email"},
    )


def _black_friday(at: datetime, zone: ZoneInfo) -> Promotion:
    today = at.astimezone(zone).date()
    friday = moments.last_before(today, moments.black_friday, length=5, year=today.year)
    return Promotion(
        key="black-friday",
        name=f"Black Friday {friday.year}",
        description="One public code for four days, twenty percent off and no more than 40 euros.",
        section="seasonal",
        discount=percent_off(20, at_most="40.00"),
        created_at=moments.midnight(friday, zone) - timedelta(days=24, hours=-11),
        starts_at=moments.midnight(friday, zone),
        expires_at=moments.midnight(friday + timedelta(days=4), zone),
        code=f"BLACK{friday.year % 100}",
        uses=None,
        weight=160,
        metadata={"team": "growth", "medium": "social"},
    )


def _mornings(at: datetime, zone: ZoneInfo) -> Promotion:
    return Promotion(
        key="mornings",
        name="Early bird",
        description="Two euros off, Monday to Friday before noon. Printed on the café receipts.",
        section="everyday",
        discount=amount_off("2.00"),
        created_at=day_from(at, zone, -161) + timedelta(hours=15),
        starts_at=day_from(at, zone, -154),
        code="EARLYBIRD",
        uses=None,
        days_of_week=(1, 2, 3, 4, 5),
        hours=("06:00", "12:00"),
        weight=75,
        metadata={"team": "cafes", "medium": "print"},
    )


def _launch(at: datetime, zone: ZoneInfo) -> Promotion:
    return Promotion(
        key="launch",
        name="Grinder launch",
        description="Fifteen euros off for the fastest; the code works a fixed number of times.",
        section="seasonal",
        discount=amount_off("15.00"),
        created_at=day_from(at, zone, -67) + timedelta(hours=9),
        starts_at=day_from(at, zone, -60),
        expires_at=day_from(at, zone, 35),
        code="GRIND15",
        limit_per_thousand=22,
        weight=46,
        metadata={"team": "growth", "medium": "social"},
    )


def _win_back(at: datetime, zone: ZoneInfo) -> Promotion:
    return Promotion(
        key="win-back",
        name="We miss you",
        description="For customers who have not bought for a while. Stopped: too generous.",
        section="welcome",
        discount=percent_off(22.5, at_most="25.00"),
        created_at=day_from(at, zone, -222) + timedelta(hours=14),
        starts_at=day_from(at, zone, -215),
        disabled_at=day_from(at, zone, -12) + timedelta(hours=16, minutes=20),
        prefix="BACK-",
        pattern="########",
        share=40,
        weight=34,
        published=25,
        metadata={"team": "retention", "medium": "email"},
    )


def _next_season(at: datetime, zone: ZoneInfo) -> Promotion:
    starts_at = day_from(at, zone, 17)
    return Promotion(
        key="next-season",
        name=f"Tasting weeks {starts_at.year}",
        description="Ten percent off, ready to be printed on the cards of the tasting weeks.",
        section="seasonal",
        discount=_BASKET_10,
        created_at=day_from(at, zone, -6) + timedelta(hours=11),
        starts_at=starts_at,
        expires_at=day_from(at, zone, 45),
        prefix="TASTE-",
        pattern="######",
        share=30,
        metadata={"team": "cafes", "medium": "print"},
    )
