from rewards.models.collection import (
    ALL_PRODUCTS_ID,
    CollectionMember,
    CollectionType,
    ProductCollection,
)
from rewards.models.ledger import (
    AccountKind,
    EntryKind,
    LedgerAccount,
    LedgerAudit,
    LedgerEntry,
    Lot,
    LotUse,
)
from rewards.models.product import SHIPPING_ID, Product, Sku

__all__ = [
    "ALL_PRODUCTS_ID",
    "SHIPPING_ID",
    "AccountKind",
    "CollectionMember",
    "CollectionType",
    "EntryKind",
    "LedgerAccount",
    "LedgerAudit",
    "LedgerEntry",
    "Lot",
    "LotUse",
    "Product",
    "ProductCollection",
    "Sku",
]
