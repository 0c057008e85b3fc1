"""The samples in Persian."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from campaigns import sentences
from campaigns.engine.redeemable import MarginFloor
from campaigns.sentences.restrictions import of_margin
from tests.campaigns.engine.build import asks, rule, voucher
from tests.campaigns.sentences.samples import MAY, SAMPLES
from tests.campaigns.sentences.spoken import WORDS

EXPECTED = {
    "at least": "مبلغ سفارش باید حداقل 50٫00 EUR باشد.",
    "segment": "مشتری باید در گروه VIP یا Gold باشد.",
    "not in a segment": "مشتری نباید در گروه VIP یا Gold باشد.",
    "city": "شهر مشتری باید «London»، «Paris» یا «Rome» باشد.",
    "no coupon in 6 months": "مشتری نباید در 6 ماه گذشته از هیچ تخفیفی استفاده کرده باشد.",
    "spent this year": "مبلغ خرید مشتری در سال جاری باید بیشتر از 1٬000٫00 EUR باشد.",
    "days of the week": "زمان استفاده باید در روز شنبه یا دوشنبه باشد.",
    "hours of days": "زمان استفاده باید از ساعت 18:00 تا 20:00 در روزهای سه‌شنبه و چهارشنبه باشد.",
    "metadata, negated": "ویژگی «weather» سفارش نباید «rain» باشد، یا مقدار آن نامعلوم باشد.",
    "or": (
        "(مبلغ سفارش باید حداقل 50٫00 EUR باشد، و مشتری باید در گروه VIP یا Gold باشد)، یا "
        "ویژگی «weather» سفارش باید «rain» باشد."
    ),
    "product or collection": "سفارش باید شامل Tea یا محصولی از مجموعهٔ Summer باشد.",
    "three units": "سفارش باید حداقل 3 عدد از Tea داشته باشد.",
    "product with a condition": "سفارش باید شامل Tea باشد (ویژگی «color» محصول باید «red» باشد).",
    "every product": "برای هر محصول سفارش، قیمت واحد باید کمتر از 4٫00 EUR باشد.",
    "once per customer": "حداکثر 1 بار استفاده برای هر مشتری.",
    "percent with a cap": "12٫5 درصد تخفیف، حداکثر 2٬000٫00 EUR",
    "amount off each unit": "5٫00 EUR تخفیف برای هر عدد از محصولات انتخاب‌شده",
    "units": "2 عدد Tea اضافه رایگان",
    "free shipping": "ارسال رایگان",
    "formula": "محاسبه بر اساس مبلغ سفارش، وگرنه 10 درصد تخفیف",
    "dates": (
        "از 1 مه 2026 ساعت 09:00 تا پایان روز 31 مه 2026 معتبر است (منطقهٔ زمانی Europe/Berlin)."
    ),
    "frame": "فقط هر 2 روز به مدت 1 ساعت و 30 دقیقه معتبر است.",
    "hours": "فقط از ساعت 18:00 تا پایان روز معتبر است.",
    "holidays": "در این تاریخ‌ها معتبر نیست: 21 مارس 2026.",
    "products": "تخفیف فقط برای Tea و مجموعهٔ Summer است. مجموعهٔ Summer: هر عدد به قیمت 5٫00 EUR.",
    "bundle": (
        "سفارش باید شامل این بسته باشد: 2 عدد Tea. تخفیف برای هر بسته داده می‌شود، حداکثر 3 بار."
    ),
    "limit per day": "حداکثر 500 بار استفاده از کمپین در روز.",
    "limit per customer": "حداکثر 2 بار استفاده برای هر مشتری.",
    "budget": "حداکثر 1٬000٫00 EUR تخفیف از بودجهٔ Marketing.",
    "margin": (
        "هیچ محصولی کمتر از بهای تمام‌شده به‌اضافهٔ 10 درصد و 1٫00 EUR برای هر عدد فروخته نمی‌شود."
    ),
    "not started": "هنوز شروع نشده است؛ شروع: 1 مه 2026 ساعت 09:00.",
    "used up": "5 بار از 5 بار استفاده شده است.",
    "left out": "روی هر سفارش بیش از 5 تخفیف اعمال نمی‌شود.",
    "8.00 more": "به ارزش 8٫00 EUR دیگر به سفارش اضافه کنید.",
    "several changes": "2 عدد Tea اضافه کنید و Spring را کنار بگذارید.",
    "take out": "Tea را از سفارش حذف کنید.",
    "from Monday 09:00": "از دوشنبه ساعت 09:00 به بعد استفاده کنید.",
}


@pytest.mark.requirement(64, 78, 197)
@pytest.mark.parametrize("name", SAMPLES)
def test_reads_as_persian_does(name):
    with translation.override("fa"):
        assert SAMPLES[name]() == EXPECTED[name]


@pytest.mark.requirement(78)
def test_reads_dates_in_the_jalali_calendar():
    words = replace(WORDS, jalali=True, time_zone=ZoneInfo("Asia/Tehran"))
    code = voucher("A", validity=MAY)

    with translation.override("fa"):
        found = sentences.restrictions_of(code, words)

    assert found == [
        (
            "از 11 اردیبهشت 1405 ساعت 10:30 تا 11 خرداد 1405 ساعت 01:30 معتبر است "
            "(منطقهٔ زمانی Asia/Tehran)."
        )
    ]


def test_a_part_of_a_percent_is_written_as_persian_writes_it():
    rollout = asks("wafa.customer.rollout", "$less_than", 12.5)
    percent = {"type": "PERCENT", "percent_off": 12.5}
    with translation.override("fa"):
        said = [
            sentences.discount(percent, WORDS.amount),
            *sentences.conditions(rule(rollout), WORDS),
            *of_margin(MarginFloor(percent=125_000), WORDS),
        ]

    assert [text.count("12٫5") for text in said] == [1, 1, 1]
