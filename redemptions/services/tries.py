"""Tries that were refused: stored as they were, with the error to raise."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.engine.results import Evaluation, Inapplicable, Reason
from customers.services import totals
from loyalty_project.core import guarded
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.models import Project, new_id
from redemptions import events
from redemptions.context import Loaded, Request, reference_of
from redemptions.models import Redemption, Result
from redemptions.serializers import explanation, reasons
from redemptions.serializers.redemption import redemption_json
from redemptions.services import alerts, recording, validations


class NotRedeemable(LoyaltyError):
    """The published error of the first refused redeemable; the refused try is stored (`rf_…`)."""

    def __init__(
        self, failed: Redemption, refused: Inapplicable, explanation: Mapping[str, Any]
    ) -> None:
        held = reasons.held_wording(refused.reason)
        wording = held or reasons.wording_of(refused.reason.key)
        super().__init__(
            reasons.details(refused.redeemable, refused.reason),
            key=refused.reason.key,
            message=wording.message,
            resource_id=failed.public_id,
            resource_type="redemption",
            extra={
                "redeemable_type": refused.redeemable.kind.value,
                "redeemable_id": reference_of(refused.redeemable),
                **({"held": True} if held is not None else {}),
                **explanation,
                **reasons.own_words(refused.reason),
            },
        )
        self.status = wording.status
        self.explanation = wording.explanation
        self.redemption = failed


def refused(
    *, project: Project, request: Request, loaded: Loaded, evaluation: Evaluation, at: datetime
) -> NotRedeemable:
    """Store the refused try in a transaction of its own; the error to raise."""
    first = _first_refused(evaluation)
    row = loaded.row_of(first.redeemable)
    voucher = loaded.voucher_of(first.redeemable)
    reference = reference_of(first.redeemable)
    failed = Redemption(
        project=project,
        public_id=new_id("rf_"),
        voucher=voucher,
        promotion_tier=loaded.tier_of(first.redeemable),
        campaign=row.campaign if row is not None else None,
        customer=loaded.customer,
        code=reference[:255],
        tracking_id=validations.track(project=project, request=request, loaded=loaded) or "",
        session_key=request.session.key if request.session is not None else "",
        result=Result.FAILURE,
        failure_code=first.reason.key,
        failure_message=reasons.wording_of(first.reason.key).message,
        metadata=dict(request.metadata),
        redeemed_at=at,
        created_at=at,
        **recording.channel(),
    )
    with transaction.atomic():
        failed.save(force_insert=True)
        happening = events.redemption_happening(
            "redemption.failed",
            redemption=redemption_json(failed),
            customer=loaded.customer,
            voucher=voucher,
            tier=failed.promotion_tier,
        )
        reached = alerts.of_refusal(project=project, refused=first, at=at)
        events.emit([happening, *reached], project=project, at=at)
        if loaded.customer is not None:
            customer, field = loaded.customer, "redemptions_failed"
            guarded.run([totals.redemption(customer=customer, field=field, at=at)])
    return NotRedeemable(failed, first, explanation.member(first.redeemable, request, loaded))


def _first_refused(evaluation: Evaluation) -> Inapplicable:
    if evaluation.inapplicable:
        return evaluation.inapplicable[0]
    return Inapplicable(evaluation.results[0].redeemable, Reason("no_applicable_redeemables"))
