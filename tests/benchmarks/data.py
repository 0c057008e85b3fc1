"""Rows for the benchmarks, many at a time; runs inside an installation (`manage.py shell`)."""

import random
import sys
from datetime import timedelta

from campaigns.models import (
    Campaign,
    CampaignType,
    DefinitionVersion,
    PromotionTier,
    RuleAssignment,
    ValidationRule,
)
from campaigns.services import state
from customers.models import Customer
from loyalty_project.core import clock, tenancy
from loyalty_project.core.models import Project
from loyalty_project.core.models.base import new_id
from redemptions.models import Order, OrderItem
from tests.factories.campaign import CampaignFactory, DefinitionVersionFactory
from tests.factories.limit import LimitFactory
from tests.factories.validation_rule import RuleAssignmentFactory, ValidationRuleFactory

BATCH = 5_000
PRODUCTS, CUSTOMERS, LINES = 500, 5_000, 3
TEN_OFF = {"type": "PROMOTION_TIER", "discount": {"type": "AMOUNT", "amount_off": 1000}}


def promotions(slug, count, matching):
    """Automatic promotions for one product each, of which so many are for the product `beans`."""
    project = Project.objects.get(slug=slug)
    with tenancy.scope(project):
        made = Campaign.objects.bulk_create(
            [
                Campaign(name=new_id("Promotion "), campaign_type=CampaignType.PROMOTION)
                for _ in range(count)
            ],
            BATCH,
        )
        definition = DefinitionVersion.objects.create(data=TEN_OFF)
        tiers = PromotionTier.objects.bulk_create(
            [
                PromotionTier(campaign=row, name=row.name, hierarchy=1, definition=definition)
                for row in made
            ],
            BATCH,
        )
        documents = DefinitionVersion.objects.bulk_create(
            [DefinitionVersion(data=_for("beans" if n < matching else n)) for n in range(count)],
            BATCH,
        )
        rules = ValidationRule.objects.bulk_create(
            [ValidationRule(name=f"Rule {n}", definition=row) for n, row in enumerate(documents)],
            BATCH,
        )
        RuleAssignment.objects.bulk_create(
            [RuleAssignment(rule=r, promotion_tier=t) for r, t in zip(rules, tiers, strict=True)],
            BATCH,
        )
        state.stamp(project=project)


def orders(slug, count):
    """Paid orders of three lines over a year, and a campaign to replay; prints its id."""
    project, rng = Project.objects.get(slug=slug), random.Random(3)
    begin = clock.now() - timedelta(days=365)
    with tenancy.scope(project):
        people = Customer.objects.bulk_create(
            [Customer(source_id=f"c{n}", metadata={"tier": "gold"}) for n in range(CUSTOMERS)],
            BATCH,
        )
        for first in range(0, count, BATCH):
            rows, items = [], []
            for number in range(first, min(first + BATCH, count)):
                lines = [_line(rng) for _ in range(LINES)]
                total = sum(line["amount"] for line in lines)
                row = Order(
                    source_id=f"o{number}",
                    status="PAID",
                    customer=rng.choice(people),
                    amount=total,
                    initial_amount=total,
                    total_amount=total,
                    created_at=begin + timedelta(minutes=number * 5),
                )
                rows.append(row)
                items += [
                    OrderItem(order=row, position=place, **line) for place, line in enumerate(lines)
                ]
            Order.objects.bulk_create(rows)
            OrderItem.objects.bulk_create(items)
        sys.stdout.write(_campaign().public_id)


def _for(product):
    item = {"id": f"prod_{product}", "object": "product"}
    rules = {
        "1": {"name": "order.items.any", "conditions": {"$is": [item]}},
        "2": {"name": "order.amount", "conditions": {"$more_than_or_equal": [1000]}},
    }
    return {"type": "validation_rule", "rules": rules}


def _line(rng):
    number, quantity = rng.randrange(PRODUCTS), rng.randint(1, 3)
    price = 300 + 7 * number
    known = {"id": f"prod_{number}", "source_id": f"p{number}", "name": f"Product {number}"}
    return {
        "product_id": known["id"],
        "quantity": quantity,
        "price": price,
        "amount": price * quantity,
        "product": {**known, "price": price},
    }


def _campaign():
    """10 % from 20.00 on, not on the first order of a half-year, twice a month per customer."""
    ten = {"type": "PERCENT", "percent_off": 10, "effect": "APPLY_TO_ITEMS"}
    definition = DefinitionVersionFactory(data={"type": "DISCOUNT_VOUCHER", "discount": ten})
    campaign = CampaignFactory(name="Replayed", definition=definition)
    rules = {
        "1": {"name": "order.amount", "conditions": {"$more_than_or_equal": [2000]}},
        "2": {
            "name": "wafa.customer.orders",
            "property": "P6M",
            "conditions": {"$more_than_or_equal": [1]},
        },
        "3": {"name": "customer.metadata", "property": "tier", "conditions": {"$is": ["gold"]}},
    }
    document = DefinitionVersionFactory(data={"type": "validation_rule", "rules": rules})
    RuleAssignmentFactory(rule=ValidationRuleFactory(definition=document), campaign=campaign)
    LimitFactory(campaign=campaign, per_customer=True, value=2, period="month")
    return campaign
