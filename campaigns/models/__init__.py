from campaigns.models.campaign import (
    Campaign,
    CampaignType,
    DefinitionVersion,
    GenerationStatus,
    PoolType,
)
from campaigns.models.category import Category, StackingRulesType
from campaigns.models.publication import Publication, PublicationResult
from campaigns.models.voucher import UsageDelta, Voucher, VoucherType

__all__ = [
    "Campaign",
    "CampaignType",
    "Category",
    "DefinitionVersion",
    "GenerationStatus",
    "PoolType",
    "Publication",
    "PublicationResult",
    "StackingRulesType",
    "UsageDelta",
    "Voucher",
    "VoucherType",
]
