"""What the fashion shop sells. Prices in rials."""

from reporting.services.demo.plan import Good, Variant

_CLOTHES = (("S", "کوچک"), ("M", "متوسط"), ("L", "بزرگ"), ("XL", "خیلی بزرگ"))
_TROUSERS = tuple(
    (size, label) for size, label in (("38", "۳۸"), ("40", "۴۰"), ("42", "۴۲"), ("44", "۴۴"))
)
_SHOES = (("37", "۳۷"), ("38", "۳۸"), ("39", "۳۹"), ("40", "۴۰"))


def _sized(
    key: str,
    name: str,
    price: str,
    *,
    group: str,
    season: str,
    weight: int,
    sizes: tuple[tuple[str, str], ...] = _CLOTHES,
) -> Good:
    return Good(
        key=key,
        name=name,
        price=price,
        metadata={"group": group, "season": season},
        attributes=("سایز",),
        variants=tuple(
            Variant(key=size, name=f"سایز {label}", attributes={"سایز": label})
            for size, label in sizes
        ),
        weight=weight,
    )


def _single(key: str, name: str, price: str, *, season: str = "همه فصل‌ها", weight: int) -> Good:
    metadata = {"group": "اکسسوری", "season": season}
    return Good(key=key, name=name, price=price, metadata=metadata, weight=weight)


GOODS = (
    _sized("MN-KATAN", "مانتو کتان", "28500000", group="مانتو", season="بهار و تابستان", weight=34),
    _sized(
        "MN-JELO", "مانتو جلوباز", "24900000", group="مانتو", season="بهار و تابستان", weight=30
    ),
    _sized("MN-KREP", "مانتو کرپ اداری", "31900000", group="مانتو", season="همه فصل‌ها", weight=22),
    _sized("SH-SATEN", "شومیز ساتن", "16800000", group="شومیز", season="همه فصل‌ها", weight=26),
    _sized("SH-NAKHI", "شومیز نخی", "13900000", group="شومیز", season="بهار و تابستان", weight=32),
    _sized("TN-BAFT", "تونیک بافت", "18700000", group="بافت", season="پاییز و زمستان", weight=16),
    _sized(
        "PL-YAGHE", "پلیور یقه‌اسکی", "15900000", group="بافت", season="پاییز و زمستان", weight=20
    ),
    _sized("ZH-BAFT", "ژاکت بافت", "22400000", group="بافت", season="پاییز و زمستان", weight=17),
    _sized("PT-FOOTR", "پالتو فوتر", "52000000", group="پالتو", season="پاییز و زمستان", weight=10),
    _sized("PT-PASHM", "پالتو پشمی", "68500000", group="پالتو", season="پاییز و زمستان", weight=6),
    _sized("KP-SABOK", "کاپشن سبک", "39800000", group="پالتو", season="پاییز و زمستان", weight=11),
    _sized("TS-SADE", "تی‌شرت ساده", "7900000", group="تی‌شرت", season="بهار و تابستان", weight=38),
    _sized(
        "PR-MARD", "پیراهن مردانه نخی", "14500000", group="پیراهن", season="همه فصل‌ها", weight=24
    ),
    _sized("PR-MAJL", "پیراهن مجلسی", "46000000", group="پیراهن", season="همه فصل‌ها", weight=9),
    _sized("DM-PLISE", "دامن پلیسه", "17600000", group="دامن", season="همه فصل‌ها", weight=15),
    _sized(
        "SL-JEAN",
        "شلوار جین راسته",
        "19800000",
        group="شلوار",
        season="همه فصل‌ها",
        weight=29,
        sizes=_TROUSERS,
    ),
    _sized(
        "SL-PARCHE",
        "شلوار پارچه‌ای",
        "17900000",
        group="شلوار",
        season="همه فصل‌ها",
        weight=21,
        sizes=_TROUSERS,
    ),
    _sized(
        "KF-CHARM",
        "کفش چرم زنانه",
        "36500000",
        group="کفش",
        season="همه فصل‌ها",
        weight=12,
        sizes=_SHOES,
    ),
    _sized(
        "BT-CHARM",
        "نیم‌بوت چرم",
        "48900000",
        group="کفش",
        season="پاییز و زمستان",
        weight=8,
        sizes=_SHOES,
    ),
    _single("SL-NAKHI", "شال نخی", "6500000", weight=40),
    _single("RS-ABRSH", "روسری ابریشمی", "19500000", weight=18),
    _single("KF-DOOSHI", "کیف دوشی چرم", "42800000", weight=9),
    _single("KM-CHARM", "کمربند چرم", "11200000", weight=13),
    _single("EY-AFTAB", "عینک آفتابی", "23600000", season="بهار و تابستان", weight=10),
)
