"""Single codes: create, add to a campaign, change, switch, delete."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from campaigns import events, queries
from campaigns.models import Campaign, ValidationRule, Voucher, VoucherType
from campaigns.services import (
    categories,
    codes,
    counting,
    definitions,
    generation,
    gift_cards,
    jurisdictions,
    kinds,
    limits,
    rule_assignments,
    state,
    terms,
)
from loyalty_project.core import metadata
from loyalty_project.core.codes import CodeConfig
from loyalty_project.core.errors import Conflict, Invalid
from loyalty_project.core.models import Project


class DuplicateVoucher(Conflict):
    """The code is taken, perhaps by one in the bin."""

    message = "Duplicated resource found"


class InvalidVoucher(Invalid):
    key = "invalid_voucher"
    message = "Invalid Voucher"


def create(
    *,
    project: Project,
    data: Mapping[str, Any],
    at: datetime,
    code: str | None = None,
    announce: bool = True,
) -> Voucher:
    """Make a code from the published body: of its own, or in the campaign that it names.

    Without a code one is drawn by its `code_config`. Raises Invalid, NotFound, DuplicateVoucher.
    """
    reference = data.get("campaign_id") or data.get("campaign")
    if reference:
        campaign = queries.get_campaign(reference=reference)
        return issue(project=project, campaign=campaign, data=data, at=at, code=code)
    if not data.get("type"):
        raise Invalid("Payload should have required property 'type'")
    document = definitions.read(data=data)
    voucher = Voucher(project=project, type=document["type"], created_at=at, updated_at=at)
    set_given(project=project, voucher=voucher, data=data)
    config = codes.read_config(project=project, document=data.get("code_config"))
    with transaction.atomic():
        rules = rule_assignments.named(data=data)
        voucher.definition = definitions.make(project=project, document=document)
        code = code or data.get("code")
        voucher = _insert(voucher, code, config, at=at, announce=announce, rules=rules)
        limits.set_given(project=project, owner=voucher, data=data, at=at)
    return voucher


def issue(
    *,
    project: Project,
    campaign: Campaign,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    code: str | None = None,
    announce: bool = True,
) -> Voucher:
    """Add one code to a campaign, given or drawn; `data` overrides the campaign's settings.

    Raises InvalidCampaign for a promotion or a campaign of one code for everybody, NotFound for one
    in the bin, DuplicateVoucher, NoRoom.
    """
    given = data or {}
    kinds.refuse_more_codes(campaign=campaign)
    definitions.refuse_later(data=given)
    with transaction.atomic():
        rules = rule_assignments.named(data=given)
        state.hold(campaign=campaign)
        voucher = generation.like_campaign(campaign=campaign, at=at)
        document = definitions.of_new_code(campaign=campaign, data=given)
        if document is not None:
            voucher.definition = definitions.make(project=project, document=document)
        set_given(project=project, voucher=voucher, data=given)
        config = config_of(project=project, campaign=campaign, data=given)
        code = code or given.get("code")
        voucher = _insert(voucher, code, config, at=at, announce=announce, rules=rules)
        limits.set_given(project=project, owner=voucher, data=given, at=at)
        generation.count_made(campaign=campaign, count=1)
    return voucher


def make_first(
    *, project: Project, campaign: Campaign, config: CodeConfig, at: datetime
) -> Voucher:
    """The one code that a campaign is created with, in the caller's transaction."""
    del project
    voucher = generation.like_campaign(campaign=campaign, at=at)
    code = None if "#" in config.pattern else f"{config.prefix}{config.pattern}{config.postfix}"
    voucher = _insert(voucher, code, config, at=at, announce=False)
    generation.count_made(campaign=campaign, count=1)
    campaign.vouchers_count += 1
    return voucher


def update(*, project: Project, voucher: Voucher, data: Mapping[str, Any], at: datetime) -> Voucher:
    """Change what is given; the code and the kind of discount stay.

    Raises Invalid, InvalidVoucher, NotFound for one that was deleted meanwhile, errors.Busy.
    """
    definitions.refuse_later(data=data)
    with transaction.atomic():
        rules = rule_assignments.named(data=data)
        state.exclusive_voucher(voucher=voucher)
        _set_definition(project, voucher, data, at=at)
        if terms.gives_limit(data=data):
            # A limit guards the folded count alone.
            counting.fold_voucher(project=project, voucher=voucher)
            voucher.refresh_from_db(fields=["redeemed_count"])
        set_given(project=project, voucher=voucher, data=data)
        _refuse_limit_below_use(voucher)
        voucher.save(update_fields=_CONFIGURED)
        rule_assignments.set_for(project=project, to=voucher, rules=rules, at=at)
        limits.set_given(project=project, owner=voucher, data=data, at=at)
        state.stamp(project=project)
        voucher = queries.all_vouchers().get(pk=voucher.pk)
        events.voucher_changed("voucher.updated", voucher=voucher, at=at)
    return voucher


def set_active(*, project: Project, voucher: Voucher, active: bool, at: datetime) -> Voucher:
    """Switch the code; nothing happens when it is so already. Raises NotFound, errors.Busy.

    Once it is off and this returns, it is so for everybody.
    """
    with transaction.atomic():
        state.exclusive_voucher(voucher=voucher)
        changed = voucher.active != active
        if changed:
            voucher.active = active
            voucher.save(update_fields=["active", "updated_at"])
            state.stamp(project=project)
        voucher = queries.all_vouchers().get(pk=voucher.pk)
        if changed:
            name = "voucher.enabled" if active else "voucher.disabled"
            events.voucher_changed(name, voucher=voucher, at=at)
    return voucher


def config_of(*, project: Project, campaign: Campaign, data: Mapping[str, Any]) -> CodeConfig:
    """That of the request, else that of the campaign."""
    document = data.get("code_config") or (campaign.voucher_template or {}).get("code_config")
    return codes.read_config(project=project, document=document)


def overrides(*, project: Project, campaign: Campaign, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a request sets on many new codes of a campaign, by field, as JSON."""
    definitions.refuse_later(data=data)
    if data.get("validation_rules"):
        raise Invalid("Property .validation_rules is for a single code or for the campaign")
    kind = (campaign.voucher_template or {})["type"]
    voucher = Voucher(project=project, campaign=campaign, type=kind, redemption_limit=None)
    set_given(project=project, voucher=voucher, data=data)
    found: dict[str, Any] = {}
    document = definitions.of_new_code(campaign=campaign, data=data)
    if document is not None:
        found["definition_id"] = definitions.make(project=project, document=document).pk
    if terms.gives_limit(data=data):
        found["redemption_limit"] = voucher.redemption_limit
    for field in ("starts_at", "expires_at"):
        value = getattr(voucher, field)
        if value is not None:
            found[field] = value.isoformat()
    for field in ("category_id", "metadata", "additional_info", *terms.RECURRENCE):
        if getattr(voucher, field):
            found[field] = getattr(voucher, field)
    if not voucher.active:
        found["active"] = False
    return found


def duplicate(*, code: str) -> DuplicateVoucher:
    text, extra = f"Duplicated voucher exists with id {code}", {"field": "code"}
    return DuplicateVoucher(text, resource_id=code, resource_type="voucher", extra=extra)


# Counters are written by statements of their own.
_COUNTED = {"id", "redeemed_count", "held_count", "publish_count", "holder"}
_CONFIGURED = [f.name for f in Voucher._meta.concrete_fields if f.name not in _COUNTED]


def set_given(*, project: Project, voucher: Voucher, data: Mapping[str, Any]) -> None:
    """Set what a body says of a code, but for what it gives, unsaved. Raises Invalid."""
    terms.set_validity(row=voucher, data=data)
    jurisdictions.check_card(voucher=voucher)
    if terms.gives_limit(data=data):
        voucher.redemption_limit = terms.limit_of(data=data)
    if data.get("active") is not None:
        voucher.active = data["active"]
    if "additional_info" in data:
        voucher.additional_info = data["additional_info"] or ""
    if "category" in data or "category_id" in data:
        voucher.category = categories.of_request(project=project, data=data)
    if "metadata" in data:
        set_metadata(project=project, voucher=voucher, values=data["metadata"])


def set_metadata(*, project: Project, voucher: Voucher, values: Mapping[str, Any] | None) -> None:
    """Merge metadata and check it by the schema of vouchers, or of campaigns where that is told."""
    campaign = voucher.campaign
    by_campaign = campaign is not None and not campaign.use_voucher_metadata_schema
    merged = metadata.merged(voucher.metadata, values)
    resource = "campaign" if by_campaign else "voucher"
    metadata.check(project=project, resource=resource, values=merged)
    voucher.metadata = merged


def _set_definition(
    project: Project, voucher: Voucher, data: Mapping[str, Any], *, at: datetime
) -> None:
    if data.get("type") and data["type"] != voucher.type:
        raise InvalidVoucher("It is not possible to change Voucher type")
    if data.get("gift"):
        gift_cards.change_gift(project=project, voucher=voucher, gift=data["gift"], at=at)
    if not data.get("discount"):
        return
    if voucher.type != VoucherType.DISCOUNT_VOUCHER:
        raise InvalidVoucher(f"Property .discount is not for vouchers of type {voucher.type}")
    discount = definitions.read_discount(discount=data["discount"])
    current = voucher.definition.data["discount"]
    if discount["type"] != current["type"]:
        raise InvalidVoucher("It is not possible to change Voucher discount type")
    if discount != current:
        document = {"type": voucher.type, "discount": discount}
        voucher.definition = definitions.make(project=project, document=document)


def _refuse_limit_below_use(voucher: Voucher) -> None:
    limit = voucher.redemption_limit
    if limit is not None and limit < voucher.redeemed_count:
        raise InvalidVoucher(
            f"Property .redemption.quantity must be >= {voucher.redeemed_count}, for so often is"
            " the code redeemed",
            extra={"field": "redemption_limit"},
        )


def _insert(
    voucher: Voucher,
    code: str | None,
    config: CodeConfig,
    *,
    at: datetime,
    announce: bool,
    rules: Sequence[ValidationRule] | None = None,
) -> Voucher:
    """Write a new code, given or drawn, in the caller's transaction; as `queries` reads it."""
    if code is not None:
        voucher.code = code.strip()
        voucher.code_key = codes.key_of(code=code, project=voucher.project)
        gift_cards.open_account(project=voucher.project, voucher=voucher, at=at)
        _save_new(voucher)
    else:
        voucher.pk = generation.add(prototype=voucher, config=config, count=1)[0]
    voucher = queries.vouchers().get(pk=voucher.pk)
    if rules:
        project = voucher.project
        rule_assignments.set_for(project=project, to=voucher, rules=rules, at=at, announce=announce)
    if code is None:
        Voucher.history.bulk_history_create([voucher], default_date=at)
    if announce:
        events.voucher_changed("voucher.created", voucher=voucher, at=at)
    return voucher


def _save_new(voucher: Voucher) -> None:
    try:
        with transaction.atomic():
            voucher.save()
    except IntegrityError as error:
        if "campaigns_voucher_code" not in str(error):
            raise
        raise duplicate(code=voucher.code) from error
