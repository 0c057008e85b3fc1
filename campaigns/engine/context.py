"""Everything that an evaluation may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from campaigns.engine.counters import Counter
from campaigns.engine.facts import Caller, Customer, Metadata, Order, Product, Sku
from campaigns.engine.history import Past
from campaigns.engine.redeemable import Limit, MarginFloor, Overflow, Redeemable

DEFAULT_EXPONENT = 2


class ApplicationMode(StrEnum):
    ALL = "ALL"
    PARTIAL = "PARTIAL"


class SortingRule(StrEnum):
    REQUESTED_ORDER = "REQUESTED_ORDER"
    CATEGORY_HIERARCHY = "CATEGORY_HIERARCHY"


class ProductsMode(StrEnum):
    STACK = "STACK"
    ONCE = "ONCE"


class NoEffectRule(StrEnum):
    REDEEM_ANYWAY = "REDEEM_ANYWAY"
    SKIP = "SKIP"


class RollbackOrderMode(StrEnum):
    WITH_ORDER = "WITH_ORDER"
    WITHOUT_ORDER = "WITHOUT_ORDER"


class CalculationMode(StrEnum):
    DISCOUNTED_AMOUNT = "DISCOUNTED_AMOUNT"
    INITIAL_AMOUNT = "INITIAL_AMOUNT"


@dataclass(frozen=True, slots=True)
class StackingRules:
    """The published stacking rules of a project, by their published names; categories by id.

    A limit of None is no limit. `credits_*` say whether gift cards pay for orders with discounts,
    and what happens where a request asks more of a card than it holds. `redeemables_limit`, the
    rollback mode and what canceled orders give back are up to the services, which see these.
    """

    redeemables_limit: int = 30
    applicable_redeemables_limit: int = 5
    applicable_redeemables_per_category_limit: int | None = None
    applicable_redeemables_category_limits: Mapping[str, int] = field(default_factory=dict)
    applicable_exclusive_redeemables_limit: int = 1
    applicable_exclusive_redeemables_per_category_limit: int | None = None
    exclusive_categories: frozenset[str] = frozenset()
    joint_categories: frozenset[str] = frozenset()
    redeemables_application_mode: ApplicationMode = ApplicationMode.ALL
    redeemables_sorting_rule: SortingRule = SortingRule.REQUESTED_ORDER
    redeemables_products_application_mode: ProductsMode = ProductsMode.STACK
    redeemables_no_effect_rule: NoEffectRule = NoEffectRule.REDEEM_ANYWAY
    no_effect_skip_categories: frozenset[str] = frozenset()
    no_effect_redeem_anyway_categories: frozenset[str] = frozenset()
    redeemables_rollback_order_mode: RollbackOrderMode = RollbackOrderMode.WITH_ORDER
    canceled_orders_roll_back: bool = True
    credits_with_discounts: bool = True
    credits_overflow: Overflow = Overflow.REFUSE
    joint_always_last: bool = True
    discount_calculation_mode: CalculationMode = CalculationMode.DISCOUNTED_AMOUNT
    initial_amount_mode_categories: frozenset[str] = frozenset()
    discounted_amount_mode_categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """`redeemables` stand in the order of the request; `at` is aware.

    `catalog` holds the products and SKUs that UNIT discounts give, by their unit_type, and `given`
    what earlier redeemables of the request took of their stocks, by public id. `metadata` is that
    of the redemption. An `order` of None is a request without one: everything is checked
    and nothing is priced.

    `counters` holds what is used and held of each counter that rules and limits name, 0 where
    nothing is; `held` is the part of it that other sessions hold. `past` has the answers to what
    rules ask of the customer's past (`rules.needs` lists both). `event` is the metadata of the
    event that is looked at. `limits` and `margin` protect the whole project. Weeks begin on
    `week_start`, Sunday is 0. `exponent` is that of the currency, for formulas, which people write
    in major units.
    """

    at: datetime
    time_zone: tzinfo
    redeemables: tuple[Redeemable, ...]
    order: Order | None = None
    customer: Customer | None = None
    stacking: StackingRules = StackingRules()
    catalog: Mapping[str, Product | Sku] = field(default_factory=dict)
    given: Mapping[str, int] = field(default_factory=dict)
    metadata: Metadata = field(default_factory=dict)
    event: Metadata = field(default_factory=dict)
    caller: Caller = field(default_factory=Caller)
    counters: Mapping[Counter, int] = field(default_factory=dict)
    held: Mapping[Counter, int] = field(default_factory=dict)
    past: Mapping[Past, int] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    margin: MarginFloor | None = None
    week_start: int = 1
    exponent: int = DEFAULT_EXPONENT
