"""A coffee roaster that sells in euros, to English and Turkish speaking customers."""

from datetime import date, timedelta
from itertools import chain

from reporting.services.demo import moments, names
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
from reporting.services.demo.roastery_goods import GOODS
from reporting.services.demo.roastery_plays import CARDS, PLAYS
from reporting.services.demo.roastery_promotions import promotions

_IRISH = "+353 20 91# ####"
_GERMAN = "+49 30 23125 ###"
_NUMBER_FIRST = "{number} {street}"
_NUMBER_LAST = "{street} No: {number}"

ENGLISH = People(
    given=names.latin(names.ENGLISH_GIVEN),
    family=names.latin(names.ENGLISH_FAMILY),
    places=(
        Place(
            "Dublin",
            "Leinster",
            "IE",
            "D0# X0##",
            ("Canal Walk", "Mill Lane", "Harbor Road", "Orchard Terrace", "Chapel Street"),
            _IRISH,
            42,
            _NUMBER_FIRST,
        ),
        Place(
            "Cork",
            "Munster",
            "IE",
            "T12 X0##",
            ("Bridge Street", "Quay Lane"),
            _IRISH,
            18,
            _NUMBER_FIRST,
        ),
        Place(
            "Galway",
            "Connacht",
            "IE",
            "H91 X0##",
            ("Strand Road", "Weir Lane"),
            _IRISH,
            12,
            _NUMBER_FIRST,
        ),
        Place(
            "Limerick",
            "Munster",
            "IE",
            "V94 X0##",
            ("Castle View", "River Row"),
            _IRISH,
            9,
            _NUMBER_FIRST,
        ),
        Place("Berlin", "Berlin", "DE", "10###", ("Gartenweg", "Lindenhof"), _GERMAN, 12),
        Place("Amsterdam", "Noord-Holland", "NL", "10## XZ", ("Molenpad", "Sluisweg"), "", 7),
    ),
    language="en",
    mail_domain="example.com",
    weight=78,
)

TURKISH = People(
    given=names.latin(names.TURKISH_GIVEN),
    family=names.latin(names.TURKISH_FAMILY),
    places=(
        Place("Berlin", "Berlin", "DE", "10###", ("Gartenweg", "Lindenhof"), _GERMAN, 40),
        Place("Köln", "Nordrhein-Westfalen", "DE", "50###", ("Brunnengasse",), "", 20),
        Place("Wien", "Wien", "AT", "10#0", ("Am Markt", "Rosengasse"), "", 12),
        Place(
            "İstanbul",
            "İstanbul",
            "TR",
            "340##",
            ("Çınar Sokağı", "Papatya Sokağı", "Deniz Caddesi"),
            "+90 212 000 ## ##",
            18,
            _NUMBER_LAST,
        ),
        Place(
            "İzmir", "İzmir", "TR", "350##", ("Zeytin Sokağı", "Gül Caddesi"), "", 10, _NUMBER_LAST
        ),
    ),
    language="tr",
    mail_domain="example.org",
    weight=22,
)


def peaks(first: date, last: date) -> tuple[Peak, ...]:
    """Black Friday week, the weeks before Christmas, Mother's Day, and a quiet August."""
    years = range(first.year, last.year + 1)
    return tuple(chain.from_iterable(_peaks_of(year) for year in years))


def _peaks_of(year: int) -> tuple[Peak, ...]:
    friday = moments.black_friday(year)
    return (
        Peak(friday - timedelta(days=4), friday - timedelta(days=1), 1.4),
        Peak(friday, friday + timedelta(days=3), 3.6),
        Peak(date(year, 12, 5), date(year, 12, 19), 1.9),
        Peak(date(year, 12, 20), date(year, 12, 27), 0.6),
        Peak(date(year, 5, 4), date(year, 5, 10), 1.3),
        Peak(date(year, 7, 28), date(year, 8, 24), 0.75),
    )


SHOP = Shop(
    slug="roastery",
    name="Tidelark Coffee",
    description="A small roaster with an online shop and two cafés.",
    currency="EUR",
    timezone="Europe/Dublin",
    locale="en",
    dial_code="+353",
    case_sensitive_codes=False,
    share=60,
    trusted_domain="https://roastery.example",
    people=(ENGLISH, TURKISH),
    goods=GOODS,
    sections=(
        Section("welcome", "Welcome", 1),
        Section("seasonal", "Seasonal", 2, "EXCLUSIVE"),
        Section("everyday", "Everyday", 3),
        Section("service", "Service recovery", 0, "JOINT"),
    ),
    promotions=promotions,
    plays=PLAYS,
    cards=CARDS,
    apology=Apology(
        pattern="SORRY-######",
        section="service",
        discount=amount_off("5.00"),
        note="Given by the support desk for a late parcel.",
        reason="late_delivery",
    ),
    rhythm=Rhythm(
        weekdays=(120, 100, 96, 100, 106, 84, 112),
        hours=(
            3,
            1,
            1,
            1,
            1,
            4,
            14,
            38,
            52,
            54,
            52,
            48,
            56,
            46,
            38,
            36,
            40,
            46,
            56,
            68,
            74,
            66,
            38,
            14,
        ),
        growth=1.7,
        peaks=peaks,
    ),
    words=Words(
        rollback_reasons=(
            "Parcel returned unopened",
            "Customer canceled before shipping",
            "Ordered twice by mistake",
            "Wrong grind, order canceled",
        ),
        channels=(("web", 68), ("app", 24), ("cafe", 8)),
        tiers=(("bronze", 70), ("silver", 23), ("gold", 7)),
        cancel_note="Payment was not completed",
    ),
    order_prefix="TL-",
    basket=((1, 46), (2, 31), (3, 15), (4, 8)),
    schemas={
        "customer": {
            "language": {"type": "string", "eq": ["en", "tr"]},
            "tier": {"type": "string", "eq": ["bronze", "silver", "gold"]},
            "newsletter": {"type": "boolean"},
            "favorite_roast": {"type": "string", "eq": ["light", "medium", "dark"]},
        },
        "order": {"channel": {"type": "string", "eq": ["web", "app", "cafe"]}},
        "product": {
            "group": {"type": "string", "eq": ["coffee", "equipment", "gift", "course"]},
            "roast": {"type": "string", "eq": ["light", "medium", "dark"]},
            "origin": {"type": "string"},
        },
        "campaign": {"team": {"type": "string"}, "medium": {"type": "string"}},
    },
)
