"""A fashion shop in Tehran that sells in rials; Persian names, texts and holidays."""

from datetime import date, timedelta
from itertools import chain

from reporting.services.demo import moments, names, tehran_plays, tehran_promotions
from reporting.services.demo.plan import (
    Apology,
    Peak,
    People,
    Place,
    Rhythm,
    Section,
    Shop,
    Words,
    amount_off,
)
from reporting.services.demo.tehran_goods import GOODS

_STREETS = ("خیابان بهار", "خیابان گلستان", "کوچه یاس", "بلوار نسترن", "خیابان سرو", "کوچه نیلوفر")
_POSTAL_CODE = "##########"
_ADDRESS = "{street}، پلاک {number}"

PERSIAN = People(
    given=names.pairs(names.PERSIAN_GIVEN),
    family=names.pairs(names.PERSIAN_FAMILY),
    places=(
        Place("تهران", "تهران", "IR", _POSTAL_CODE, _STREETS, "+98 21 0### ####", 52, _ADDRESS),
        Place("کرج", "البرز", "IR", _POSTAL_CODE, _STREETS, "+98 26 0### ####", 11, _ADDRESS),
        Place("اصفهان", "اصفهان", "IR", _POSTAL_CODE, _STREETS, "+98 31 0### ####", 9, _ADDRESS),
        Place(
            "مشهد", "خراسان رضوی", "IR", _POSTAL_CODE, _STREETS, "+98 51 0### ####", 10, _ADDRESS
        ),
        Place("شیراز", "فارس", "IR", _POSTAL_CODE, _STREETS, "+98 71 0### ####", 8, _ADDRESS),
        Place(
            "تبریز", "آذربایجان شرقی", "IR", _POSTAL_CODE, _STREETS, "+98 41 0### ####", 6, _ADDRESS
        ),
        Place("رشت", "گیلان", "IR", _POSTAL_CODE, _STREETS, "+98 13 0### ####", 4, _ADDRESS),
    ),
    language="fa",
    mail_domain="example.com",
    weight=100,
)


def peaks(first: date, last: date) -> tuple[Peak, ...]:
    """Yalda, the weeks before Nowruz, and the two quiet weeks after it."""
    years = range(moments.jalali_year(first), moments.jalali_year(last) + 2)
    return tuple(chain.from_iterable(_peaks_of(year) for year in years))


def _peaks_of(year: int) -> tuple[Peak, ...]:
    esfand = tehran_promotions.first_of_nowruz(year)
    new_year = moments.jalali_day(year, 1, 1)
    yalda = tehran_promotions.first_of_yalda(year)
    school = moments.jalali_day(year, 6, 15)
    return (
        Peak(esfand, esfand + timedelta(days=13), 1.7),
        Peak(esfand + timedelta(days=14), new_year - timedelta(days=3), 2.9),
        Peak(new_year - timedelta(days=2), new_year + timedelta(days=12), 0.35),
        Peak(yalda, yalda + timedelta(days=6), 2.6),
        Peak(school, school + timedelta(days=15), 1.35),
    )


SHOP = Shop(
    slug="tehran-mode",
    name="مد تهران",
    description="فروشگاه اینترنتی پوشاک با یک شعبه حضوری.",
    currency="IRR",
    timezone="Asia/Tehran",
    locale="fa",
    dial_code="+98",
    case_sensitive_codes=True,
    share=40,
    trusted_domain="https://mode.example",
    people=(PERSIAN,),
    goods=GOODS,
    sections=(
        Section("welcome", "خوش‌آمدگویی", 1),
        Section("occasions", "مناسبت‌ها", 2, "EXCLUSIVE"),
        Section("loyalty", "وفاداری", 3),
        Section("service", "دلجویی از مشتری", 0, "JOINT"),
    ),
    promotions=tehran_promotions.promotions,
    plays=tehran_plays.PLAYS,
    cards=tehran_plays.CARDS,
    apology=Apology(
        pattern="POZESH-######",
        section="service",
        discount=amount_off("1500000"),
        note="پشتیبانی بابت تأخیر در ارسال داده است.",
        reason="late_delivery",
    ),
    rhythm=Rhythm(
        weekdays=(94, 98, 104, 118, 92, 112, 96),
        hours=(
            22,
            10,
            5,
            2,
            1,
            1,
            2,
            6,
            16,
            30,
            42,
            46,
            44,
            38,
            34,
            32,
            36,
            42,
            50,
            56,
            62,
            72,
            74,
            50,
        ),
        growth=1.9,
        peaks=peaks,
    ),
    words=Words(
        rollback_reasons=(
            "مرجوعی به دلیل سایز نامناسب",
            "انصراف مشتری پیش از ارسال",
            "ثبت سفارش تکراری",
            "موجود نبودن رنگ انتخابی",
        ),
        channels=(("web", 44), ("app", 49), ("store", 7)),
        tiers=(("عادی", 72), ("نقره‌ای", 21), ("طلایی", 7)),
        cancel_note="پرداخت کامل نشد",
    ),
    order_prefix="TM-",
    basket=((1, 58), (2, 28), (3, 14)),
    schemas={
        "customer": {
            "language": {"type": "string", "eq": ["fa"]},
            "tier": {"type": "string", "eq": ["عادی", "نقره‌ای", "طلایی"]},
            "newsletter": {"type": "boolean"},
        },
        "order": {"channel": {"type": "string", "eq": ["web", "app", "store"]}},
        "product": {"group": {"type": "string"}, "season": {"type": "string"}},
        "campaign": {"team": {"type": "string"}, "medium": {"type": "string"}},
    },
)
