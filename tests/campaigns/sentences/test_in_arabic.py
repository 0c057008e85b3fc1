"""The samples in Arabic."""

import pytest
from django.utils import translation

from tests.campaigns.sentences.samples import SAMPLES

EXPECTED = {
    "at least": "مبلغ الطلب: 50.00 EUR على الأقل.",
    "segment": "يكون العميل في شريحة VIP أو Gold.",
    "not in a segment": "لا يكون العميل في شريحة VIP أو Gold.",
    "city": "مدينة العميل: «London»، «Paris» أو «Rome».",
    "no coupon in 6 months": "دون استخدام العميل أي عرض خلال آخر 6 أشهر.",
    "spent this year": "مبلغ مشتريات العميل هذه السنة: أكثر من 1,000.00 EUR.",
    "days of the week": "وقت الاستخدام: يوم الاثنين أو السبت.",
    "hours of days": "وقت الاستخدام: من الساعة 18:00 إلى 20:00 يوم الثلاثاء والأربعاء.",
    "metadata, negated": "سمة «weather» للطلب: غير «rain»، أو تكون القيمة غير معروفة.",
    "or": (
        "(مبلغ الطلب: 50.00 EUR على الأقل، ويكون العميل في شريحة VIP أو Gold)، أو سمة "
        "«weather» للطلب: «rain»."
    ),
    "product or collection": "يتضمن الطلب Tea أو أحد منتجات مجموعة Summer.",
    "three units": "يتضمن الطلب 3 وحدات على الأقل من Tea.",
    "product with a condition": "يتضمن الطلب Tea (سمة «color» للمنتج: «red»).",
    "every product": "لكل منتج في الطلب، سعر الوحدة: أقل من 4.00 EUR.",
    "once per customer": "بحد أقصى استخدام واحد لكل عميل.",
    "percent with a cap": "خصم 12.5%، بحد أقصى 2,000.00 EUR",
    "amount off each unit": "خصم 5.00 EUR على كل وحدة من المنتجات المختارة",
    "units": "وحدتان إضافيتان مجانيتان من Tea",
    "free shipping": "شحن مجاني",
    "formula": "محسوب بناءً على مبلغ الطلب، وإلا خصم 10%",
    "dates": (
        "صالح من 1 مايو، 2026 الساعة 09:00 إلى نهاية يوم 31 مايو، 2026 (المنطقة الزمنية "
        "Europe/Berlin)."
    ),
    "frame": "صالح فقط كل يومين لمدة ساعة واحدة و30 دقيقة.",
    "hours": "صالح فقط من الساعة 18:00 إلى نهاية اليوم.",
    "holidays": "غير صالح في هذه التواريخ: 21 مارس، 2026.",
    "products": "الخصم مخصص لما يلي فقط: Tea ومجموعة Summer. مجموعة Summer: بسعر 5.00 EUR للوحدة.",
    "bundle": "يتضمن الطلب هذه الحزمة: وحدتان من Tea. يُمنح الخصم لكل حزمة، بحد أقصى 3 مرات.",
    "limit per day": "بحد أقصى 500 استخدام للحملة يوميًا.",
    "limit per customer": "بحد أقصى استخدامان لكل عميل.",
    "budget": "بحد أقصى 1,000.00 EUR من الخصومات ضمن ميزانية Marketing.",
    "margin": "لا يُباع أي منتج بأقل من تكلفته مضافًا إليها 10% و1.00 EUR للوحدة.",
    "not started": "لم يبدأ بعد؛ يبدأ في 1 مايو، 2026 الساعة 09:00.",
    "used up": "استُخدم 5 من أصل 5 مرة.",
    "left out": "لا يمكن تطبيق أكثر من 5 عروض على الطلب.",
    "8.00 more": "أضف ما قيمته 8.00 EUR إلى الطلب.",
    "several changes": "أضف وحدتين من Tea واستغنِ عن Spring.",
    "take out": "أزل Tea من الطلب.",
    "from Monday 09:00": "استخدمه ابتداءً من الاثنين الساعة 09:00.",
}


@pytest.mark.requirement(64, 78, 197)
@pytest.mark.parametrize("name", SAMPLES)
def test_reads_as_arabic_does(name):
    with translation.override("ar"):
        assert SAMPLES[name]() == EXPECTED[name]
