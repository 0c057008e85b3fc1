from campaigns.models.apology import Apology, ApologyPolicy
from campaigns.models.campaign import (
    Campaign,
    CampaignType,
    DefinitionVersion,
    GenerationStatus,
    PoolType,
)
from campaigns.models.category import Category, StackingRulesType
from campaigns.models.holidays import HolidayCalendar, HolidayMode
from campaigns.models.jurisdiction import CashOut, Jurisdiction
from campaigns.models.limits import Budget, Limit, MarginFloor
from campaigns.models.promotion import PromotionStack, PromotionTier, StackedTier
from campaigns.models.publication import Publication, PublicationResult
from campaigns.models.stacking import GroupedSortingRule, StackingRules
from campaigns.models.validation_rule import RuleAssignment, RuleType, ValidationRule
from campaigns.models.voucher import UsageDelta, Voucher, VoucherType

__all__ = [
    "Apology",
    "ApologyPolicy",
    "Budget",
    "Campaign",
    "CampaignType",
    "CashOut",
    "Category",
    "DefinitionVersion",
    "GenerationStatus",
    "GroupedSortingRule",
    "HolidayCalendar",
    "HolidayMode",
    "Jurisdiction",
    "Limit",
    "MarginFloor",
    "PoolType",
    "PromotionStack",
    "PromotionTier",
    "Publication",
    "PublicationResult",
    "RuleAssignment",
    "RuleType",
    "StackedTier",
    "StackingRules",
    "StackingRulesType",
    "UsageDelta",
    "ValidationRule",
    "Voucher",
    "VoucherType",
]
