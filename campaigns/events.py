"""What campaigns, codes, promotions, rules and publications announce, as the API shows it."""

from datetime import datetime
from typing import Any

from campaigns.models import (
    Apology,
    Campaign,
    PromotionStack,
    PromotionTier,
    Publication,
    RuleAssignment,
    ValidationRule,
    Voucher,
)
from campaigns.serializers.campaign import campaign_json
from campaigns.serializers.promotion import stack_json, tier_json
from campaigns.serializers.publication import publication_json
from campaigns.serializers.transaction import balance_json, transaction_json
from campaigns.serializers.validation_rule import assignment_json, rule_json
from campaigns.serializers.voucher import voucher_json
from customers.serializers import customer as customers_json
from loyalty_project.core import outbox, wire
from loyalty_project.core.outbox import Happening
from rewards.models import LedgerEntry


def campaign_changed(event: str, *, campaign: Campaign, at: datetime, **more: Any) -> None:
    """`campaign.created`, `.updated`, `.enabled`, `.disabled`, `.deleted`, its generations, and
    what we add: `campaign.started` and `.stopped`.
    """
    outbox.emit(
        event,
        project=campaign.project,
        subject=campaign.public_id,
        data={"campaign": campaign_json(campaign), **more},
        at=at,
    )


def generation_completed(*, campaign: Campaign, count: int, at: datetime) -> None:
    campaign_changed(
        "campaign.vouchers.generation.completed",
        campaign=campaign,
        at=at,
        count=count,
        completed_at=wire.instant(at),
    )


def tier_changed(event: str, *, tier: PromotionTier, at: datetime) -> None:
    """`campaign.promotion_tier.created`, `.updated`, `.enabled`, `.disabled`, `.deleted`.

    The campaign comes without its tiers: many may follow one another.
    """
    campaign = campaign_json(tier.campaign, tiers=False)
    outbox.emit(
        event,
        project=tier.project,
        subject=tier.public_id,
        data={"campaign": campaign, "promotion_tier": tier_json(tier)},
        at=at,
    )


def stack_changed(event: str, *, stack: PromotionStack, at: datetime) -> None:
    """`campaign.promotion_stack.created`, `.updated`; the campaign without its tiers."""
    campaign = campaign_json(stack.campaign, tiers=False)
    outbox.emit(
        event,
        project=stack.project,
        subject=stack.public_id,
        data={"campaign": campaign, "promotion_stack": stack_json(stack)},
        at=at,
    )


def voucher_changed(event: str, *, voucher: Voucher, at: datetime) -> None:
    """`voucher.created`, `.updated`, `.enabled`, `.disabled`, `.deleted`."""
    outbox.emit(
        event,
        project=voucher.project,
        subject=voucher.public_id,
        about=voucher.holder.public_id if voucher.holder else "",
        data={
            "voucher": voucher_json(voucher),
            "campaign": campaign_json(voucher.campaign) if voucher.campaign else None,
        },
        at=at,
    )


def balance_changed(*, voucher: Voucher, entry: LedgerEntry, at: datetime) -> None:
    found = balance_happenings(voucher=voucher, entry=entry)
    outbox.emit_all(found, project=voucher.project, at=at)


def balance_happenings(*, voucher: Voucher, entry: LedgerEntry) -> list[Happening]:
    """`voucher.gift.transaction.created`, after `voucher.gift.balance_added` where it is a gain."""
    entry.account.voucher = voucher
    data = {
        "voucher": voucher_json(voucher),
        "campaign": campaign_json(voucher.campaign) if voucher.campaign else None,
        "balance": dict(balance_json(entry, voucher)),
        "transaction": dict(transaction_json(entry)),
    }
    about = voucher.holder.public_id if voucher.holder else ""
    found = [Happening("voucher.gift.transaction.created", voucher.public_id, data, about)]
    if entry.amount > 0:
        added = Happening("voucher.gift.balance_added", voucher.public_id, data, about)
        found.insert(0, added)
    return found


def rule_changed(event: str, *, rule: ValidationRule, at: datetime, **more: Any) -> None:
    """`business_validation_rule.created`, `.updated`, `.deleted`."""
    outbox.emit(
        event,
        project=rule.project,
        subject=rule.public_id,
        data={"rule": rule_json(rule), **more},
        at=at,
    )


def assignment_changed(event: str, *, assignment: RuleAssignment, at: datetime) -> None:
    """`business_validation_rule.assignment.created` and `.deleted`.

    Of what the rule is assigned to, the published members are there, and null but for one.
    """
    voucher, campaign = assignment.voucher, assignment.campaign
    tier = assignment.promotion_tier
    outbox.emit(
        event,
        project=assignment.project,
        subject=assignment.public_id,
        data={
            "rule": rule_json(assignment.rule),
            "assignment": assignment_json(assignment),
            "voucher": voucher_json(voucher) if voucher is not None else None,
            "campaign": campaign_json(campaign) if campaign is not None else None,
            "promotion_tier": tier_json(tier) if tier is not None else None,
        },
        at=at,
    )


def apology_issued(*, apology: Apology, voucher: Voucher, at: datetime) -> None:
    """`customer.apology.issued`, with the agent by name."""
    customer = apology.customer
    outbox.emit(
        "customer.apology.issued",
        project=apology.project,
        subject=customer.public_id,
        about=customer.public_id,
        data={
            "customer": customers_json.slim_json(customer),
            "voucher": voucher_json(voucher),
            "apology": {
                "id": apology.public_id,
                "agent": apology.agent.get_username(),
                "reason": apology.reason,
                "date": wire.instant(at),
            },
        },
        at=at,
    )


def published(*, publication: Publication, vouchers: list[Voucher], at: datetime) -> None:
    """`voucher.published` for each code and one `publication.succeeded`."""
    customer = publication.customer
    about = customer.public_id if customer else ""
    data: dict[str, Any] = {
        "customer": customers_json.slim_json(customer) if customer else None,
        "campaign": campaign_json(publication.campaign) if publication.campaign else None,
        "publication": publication_json(publication, vouchers=vouchers),
    }
    for voucher in vouchers:
        outbox.emit(
            "voucher.published",
            project=publication.project,
            subject=voucher.public_id,
            about=about,
            data={**data, "voucher": voucher_json(voucher)},
            at=at,
        )
    outbox.emit(
        "publication.succeeded",
        project=publication.project,
        subject=publication.public_id,
        about=about,
        data={**data, "voucher": voucher_json(vouchers[0]) if len(vouchers) == 1 else None},
        at=at,
    )
