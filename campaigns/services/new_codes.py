"""Many new codes at once, as files bring them: checked one by one, written together."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from campaigns.models import Campaign, Category, DefinitionVersion, Voucher, VoucherType
from campaigns.services import (
    categories,
    definitions,
    generation,
    kinds,
    state,
    vouchers,
)
from loyalty_project.core import batches
from loyalty_project.core.models import Project
from rewards import ledger
from rewards.models import AccountKind

_OWN = ("validation_rules", "limits")
OVER_LIMIT = "Redeemed quantity is above the redemption limit"


class NewCodes:
    """Codes of one transaction, of a campaign or of their own; quiet, and with history.

    Holds the settings of the campaign. Raises InvalidCampaign, NotFound for one in the bin.
    """

    def __init__(self, *, project: Project, campaign: Campaign | None, at: datetime) -> None:
        self.project, self.campaign, self.at = project, campaign, at
        self._made: dict[str, Voucher] = {}
        self._definitions: dict[str, DefinitionVersion | None] = {}
        self._categories: dict[tuple[Any, Any], Category | None] = {}
        if campaign is None:
            prototype = Voucher(project=project, created_at=at, updated_at=at)
        else:
            kinds.refuse_more_codes(campaign=campaign)
            state.hold(campaign=campaign)
            prototype = generation.like_campaign(campaign=campaign, at=at)
        self._make = batches.maker(prototype, project=project)

    def __contains__(self, key: str) -> bool:
        return key in self._made

    def add(self, *, key: str, data: Mapping[str, Any], redeemed: int | None) -> None:
        """A body of POST /v1/vouchers with its `code`; `key` is what it is compared by.

        `redeemed` counts uses of another system. Raises Invalid, NotFound, and then nothing of it
        is kept.
        """
        definitions.refuse_later(data=data)
        voucher: Voucher = self._make()
        voucher.code, voucher.code_key = str(data["code"]).strip(), key
        definition = self._definition(data)
        if definition is not None:
            voucher.definition, voucher.type = definition, definition.data["type"]
        if "category" in data or "category_id" in data:
            voucher.category = self._category(data)
        rest = {name: value for name, value in data.items() if not name.startswith("category")}
        vouchers.set_given(project=self.project, voucher=voucher, data=rest)
        if redeemed is not None:
            limit = voucher.redemption_limit
            if limit is not None and redeemed > limit:
                raise vouchers.InvalidVoucher(OVER_LIMIT)
            voucher.redeemed_count = redeemed
        self._made[key] = voucher

    def save(self) -> None:
        """Write them by key, as everybody does, in the caller's transaction.

        Raises IntegrityError where another transaction made one of them first.
        """
        made = [self._made[key] for key in sorted(self._made)]
        if not made:
            return
        cards = [voucher for voucher in made if voucher.type == VoucherType.GIFT_VOUCHER]
        amounts = [voucher.definition.data["gift"]["amount"] for voucher in cards]
        accounts = ledger.open_each(
            project=self.project, kind=AccountKind.GIFT, amounts=amounts, at=self.at
        )
        for voucher, account in zip(cards, accounts, strict=True):
            voucher.account_id = account
        batch = batches.Batch(Voucher, at=self.at)
        for voucher in made:
            batch.add(voucher, ())
        batch.save()
        if self.campaign is not None:
            generation.count_made(campaign=self.campaign, count=len(made))

    def _definition(self, data: Mapping[str, Any]) -> DefinitionVersion | None:
        """One for all codes that give the same; None for what the campaign gives."""
        if self.campaign is not None and not (data.get("discount") or data.get("gift")):
            return None
        gives = [data.get(name) for name in ("type", "discount", "gift")]
        key = json.dumps(gives, sort_keys=True)
        if key not in self._definitions:
            document = self._document(data)
            self._definitions[key] = (
                None
                if document is None
                else definitions.make(project=self.project, document=document)
            )
        return self._definitions[key]

    def _document(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        if self.campaign is not None:
            return definitions.of_new_code(campaign=self.campaign, data=data)
        kind = "GIFT_VOUCHER" if data.get("gift") else "DISCOUNT_VOUCHER"
        return definitions.read(data={"type": kind, **data})

    def _category(self, data: Mapping[str, Any]) -> Category | None:
        key = (data.get("category_id"), data.get("category"))
        if key not in self._categories:
            self._categories[key] = categories.of_request(project=self.project, data=data)
        return self._categories[key]


def has_own(*, data: Mapping[str, Any]) -> bool:
    """Whether a body gives a code rows beside its own, which many at once are not given."""
    return any(data.get(name) for name in _OWN)
