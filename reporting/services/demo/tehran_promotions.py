"""The campaigns of the fashion shop, named and dated by the Persian calendar."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reporting.services.demo import moments
from reporting.services.demo.moments import day_from
from reporting.services.demo.plan import Promotion, amount_off, percent_off

_SEASON_CODES = {"بهار": "BAHAR", "تابستان": "TABESTAN", "پاییز": "PAYIZ", "زمستان": "ZEMESTAN"}


def promotions(at: datetime, zone: ZoneInfo) -> tuple[Promotion, ...]:
    return (
        _welcome(at, zone),
        _yalda(at, zone),
        _nowruz(at, zone),
        _season(at, zone),
        _club(at, zone),
        _clearance(at, zone),
    )


def first_of_nowruz(year: int) -> date:
    """When the shopping for the new year begins: the first of Esfand of the year before."""
    return moments.jalali_day(year - 1, 12, 1)


def first_of_yalda(year: int) -> date:
    return moments.jalali_day(year, 9, 24)


def _welcome(at: datetime, zone: ZoneInfo) -> Promotion:
    return Promotion(
        key="welcome",
        name="هدیه اولین خرید",
        description="دو میلیون ریال تخفیف برای اولین خرید؛ کد با پیامک فرستاده می‌شود.",
        section="welcome",
        discount=amount_off("2000000"),
        created_at=day_from(at, zone, -370) + timedelta(hours=11),
        starts_at=day_from(at, zone, -365),
        prefix="SALAM-",
        pattern="#######",
        share=32,
        on_request=True,
        lifetime="P30D",
        weight=32,
        published=40,
        metadata={"team": "وفاداری", "medium": "پیامک"},
    )


def _yalda(at: datetime, zone: ZoneInfo) -> Promotion:
    today = at.astimezone(zone).date()
    first = moments.last_before(today, first_of_yalda, length=9, year=moments.jalali_year(today))
    year = moments.jalali_year(first)
    return Promotion(
        key="yalda",
        name=f"جشنواره یلدای {moments.persian_digits(year)}",
        description="بیست و پنج درصد تخفیف با یک کد همگانی؛ سقف تخفیف هشت میلیون ریال.",
        section="occasions",
        discount=percent_off(25, at_most="8000000"),
        created_at=moments.midnight(first, zone) - timedelta(days=20, hours=-10),
        starts_at=moments.midnight(first, zone),
        expires_at=moments.midnight(first + timedelta(days=9), zone),
        code=f"YALDA{year}",
        uses=None,
        weight=120,
        metadata={"team": "فروش", "medium": "شبکه‌های اجتماعی"},
    )


def _nowruz(at: datetime, zone: ZoneInfo) -> Promotion:
    today = at.astimezone(zone).date()
    first = moments.last_before(
        today, first_of_nowruz, length=30, year=moments.jalali_year(today) + 1
    )
    year = moments.jalali_year(first) + 1
    return Promotion(
        key="nowruz",
        name=f"عیدانه نوروز {moments.persian_digits(year)}",
        description="کد یک‌بارمصرف برای مشتریان سال گذشته؛ پانزده درصد تخفیف خرید عید.",
        section="occasions",
        discount=percent_off(15, at_most="10000000"),
        created_at=moments.midnight(first, zone) - timedelta(days=12, hours=-9),
        starts_at=moments.midnight(first, zone),
        expires_at=moments.midnight(moments.jalali_day(year, 1, 1), zone),
        prefix="EID-",
        pattern="########",
        share=38,
        weight=90,
        published=30,
        metadata={"team": "فروش", "medium": "پیامک"},
    )


def _season(at: datetime, zone: ZoneInfo) -> Promotion:
    season, year, _first = moments.season_of(at.astimezone(zone).date())
    return Promotion(
        key="season",
        name=f"حراج {season}ه {moments.persian_digits(year)}",
        description="ده درصد تخفیف برای همه کالاها تا پایان حراج.",
        section="occasions",
        discount=percent_off(10),
        created_at=day_from(at, zone, -33) + timedelta(hours=12),
        starts_at=day_from(at, zone, -26),
        expires_at=day_from(at, zone, 5),
        code=f"{_SEASON_CODES[season]}{year}",
        uses=None,
        weight=60,
        metadata={"team": "فروش", "medium": "سایت"},
    )


def _club(at: datetime, zone: ZoneInfo) -> Promotion:
    return Promotion(
        key="club",
        name="باشگاه مشتریان",
        description="کد اختصاصی اعضای باشگاه؛ هر کد دو بار قابل استفاده است.",
        section="loyalty",
        discount=percent_off(12.5, at_most="6000000"),
        created_at=day_from(at, zone, -246) + timedelta(hours=13),
        starts_at=day_from(at, zone, -240),
        expires_at=day_from(at, zone, 120),
        prefix="VIP-",
        pattern="######",
        share=30,
        uses=2,
        weight=26,
        published=35,
        metadata={"team": "وفاداری", "medium": "پیامک"},
    )


def _clearance(at: datetime, zone: ZoneInfo) -> Promotion:
    season, year, _first = moments.season_after(at.astimezone(zone).date())
    return Promotion(
        key="clearance",
        name=f"پیش‌نویس: حراج {season}ه {moments.persian_digits(year)}",
        description="هنوز تأیید نشده است؛ کدها پس از تأیید ساخته می‌شوند.",
        section="occasions",
        discount=percent_off(30, at_most="12000000"),
        created_at=day_from(at, zone, -3) + timedelta(hours=17),
        starts_at=day_from(at, zone, 60),
        expires_at=day_from(at, zone, 74),
        prefix="SALE-",
        pattern="########",
        draft=True,
        metadata={"team": "فروش", "medium": "سایت"},
    )
