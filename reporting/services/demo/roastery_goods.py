"""What the coffee roaster sells. Prices in euros."""

from reporting.services.demo.plan import Good, Variant

_BEAN_ATTRIBUTES = ("size", "grind")


def _beans(
    key: str, name: str, price: str, kilo: str, *, roast: str, origin: str, weight: int
) -> Good:
    """Coffee in four SKUs; the kilo has a price of its own."""
    sizes = (("250", "250 g", None), ("1000", "1 kg", kilo))
    grinds = (("W", "whole beans"), ("G", "ground"))
    return Good(
        key=key,
        name=name,
        price=price,
        metadata={"group": "coffee", "roast": roast, "origin": origin},
        attributes=_BEAN_ATTRIBUTES,
        variants=tuple(
            Variant(
                key=f"{size}{grind}",
                name=f"{label}, {grind_label}",
                attributes={"size": label, "grind": grind_label},
                price=size_price,
            )
            for size, label, size_price in sizes
            for grind, grind_label in grinds
        ),
        weight=weight,
    )


def _tool(key: str, name: str, price: str, *, weight: int = 4, group: str = "equipment") -> Good:
    return Good(key=key, name=name, price=price, metadata={"group": group}, weight=weight)


COFFEES = (
    _beans("ESP-HOUSE", "House Espresso", "9.90", "34.50", roast="dark", origin="Blend", weight=60),
    _beans(
        "FLT-LIGHT",
        "Lighthouse Filter Blend",
        "10.50",
        "36.90",
        roast="light",
        origin="Blend",
        weight=42,
    ),
    _beans(
        "BRK-HARB", "Harbor Breakfast", "9.50", "32.90", roast="medium", origin="Blend", weight=38
    ),
    _beans(
        "DEC-NIGHT",
        "Night Shift Decaf",
        "10.90",
        "37.90",
        roast="medium",
        origin="Colombia",
        weight=22,
    ),
    _beans(
        "ETH-GUJI",
        "Ethiopia Guji, natural",
        "13.90",
        "49.50",
        roast="light",
        origin="Ethiopia",
        weight=30,
    ),
    _beans(
        "KEN-NYERI", "Kenya Nyeri AA", "14.90", "53.00", roast="light", origin="Kenya", weight=21
    ),
    _beans(
        "COL-HUILA",
        "Colombia Huila, washed",
        "12.50",
        "44.00",
        roast="medium",
        origin="Colombia",
        weight=26,
    ),
    _beans(
        "GUA-HUEHUE",
        "Guatemala Huehuetenango",
        "12.90",
        "45.50",
        roast="medium",
        origin="Guatemala",
        weight=18,
    ),
    _beans(
        "CRI-TARR",
        "Costa Rica Tarrazú, honey",
        "13.50",
        "47.90",
        roast="light",
        origin="Costa Rica",
        weight=14,
    ),
    _beans(
        "BRA-CERR", "Brazil Cerrado", "10.90", "37.50", roast="dark", origin="Brazil", weight=27
    ),
    _beans(
        "SUM-MAND",
        "Sumatra Mandheling",
        "12.90",
        "45.00",
        roast="dark",
        origin="Indonesia",
        weight=13,
    ),
    _beans(
        "RWA-KIVU", "Rwanda Lake Kivu", "13.20", "46.90", roast="light", origin="Rwanda", weight=12
    ),
    _beans(
        "PER-CAJA",
        "Peru Cajamarca, organic",
        "12.20",
        "42.90",
        roast="medium",
        origin="Peru",
        weight=14,
    ),
    _beans(
        "PAN-BOQ",
        "Panama Boquete Geisha",
        "32.00",
        "118.00",
        roast="light",
        origin="Panama",
        weight=3,
    ),
    _beans(
        "TUR-FINE",
        "Old Bazaar Turkish Grind",
        "8.90",
        "29.90",
        roast="dark",
        origin="Blend",
        weight=24,
    ),
    _beans("MOKA-ROMA", "Stovetop Blend", "9.90", "34.00", roast="dark", origin="Blend", weight=17),
)

GOODS = (
    *COFFEES,
    _tool("CLD-BAGS", "Cold Brew Bags, 8 pieces", "14.50", weight=13, group="coffee"),
    _tool("DRP-BOX", "Drip Bags, box of 10", "16.90", weight=15, group="coffee"),
    _tool("TST-BOX", "Tasting Box, 5 × 100 g", "24.90", weight=12, group="gift"),
    _tool("GFT-BOX", "Gift Box, two coffees and a mug", "39.90", weight=7, group="gift"),
    _tool("DRIPPER", "Pour-over Dripper, ceramic", "22.90", weight=8),
    _tool("FILTERS", "Paper Filters, 100 pieces", "6.90", weight=28),
    _tool("KETTLE", "Gooseneck Kettle, 1 l", "64.00", weight=4),
    _tool("GRD-HAND", "Hand Grinder, steel burrs", "89.00", weight=5),
    _tool("GRD-ELEC", "Electric Burr Grinder", "219.00", weight=2),
    _tool("SCALE", "Brew Scale with timer", "49.00", weight=4),
    _tool("FRPRESS", "French Press, 0.8 l", "34.90", weight=6),
    _tool("MOKAPOT", "Moka Pot, 3 cups", "29.90", weight=7),
    _tool("CEZVE", "Copper Cezve, 300 ml", "38.50", weight=6),
    _tool("CUPS-ESP", "Espresso Cups, set of 2", "18.90", weight=8),
    _tool("MUG-TRAV", "Travel Mug, 360 ml", "27.50", weight=9),
    _tool("CANISTER", "Storage Canister, 500 g", "21.90", weight=6),
    _tool("JUG", "Milk Jug, 350 ml", "19.50", weight=5),
    _tool("TAMPER", "Tamper, 58 mm", "32.00", weight=3),
    _tool("CLEAN", "Cleaning Tablets, 30 pieces", "12.90", weight=9),
    _tool("COURSE", "Barista Course, half a day", "95.00", weight=2, group="course"),
)
