"""Giving codes to customers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from campaigns import events, queries
from campaigns.models import Campaign, Publication, PublicationResult, Voucher
from campaigns.queries import rules as rule_queries
from campaigns.services import kinds, pools
from customers import queries as customer_queries
from customers.models import Customer
from customers.services import customers
from loyalty_project.core import metadata, reading
from loyalty_project.core.errors import Invalid, LoyaltyError, NotFound
from loyalty_project.core.models import Project

MAX_COUNT = 50


class MissingVouchers(Invalid):
    key = "missing_vouchers"
    message = "Missing vouchers"


class DuplicateSourceId(Invalid):
    key = "duplicate_source_id"
    message = "Duplicate source_id"


class InvalidPublishParams(Invalid):
    key = "invalid_publish_params"
    message = "Invalid publish params"


def publish(
    *, project: Project, data: Mapping[str, Any], at: datetime, join_once: bool = False
) -> tuple[Publication, list[Voucher]]:
    """Give the customer a code by name, or codes of a campaign; the publication and its codes.

    `data` is the published body: `voucher` or `campaign` (name, id or `{name|id, count}`),
    `customer`, `source_id`, `metadata`, `channel`. The same `source_id` for the same customer and
    campaign gives the same publication again; so does a campaign that customers join once. What is
    refused after the customer is known is recorded as a failure.
    """
    request = _read(data, join_once=join_once)
    try:
        with transaction.atomic():
            return _publish(project, request, at=at)
    except IntegrityError as error:
        if "campaigns_publication_source_id" not in str(error):
            raise
        # Another request with this source id was faster: its answer is ours.
        with transaction.atomic():
            return _publish(project, request, at=at)
    except pools.NotPublished as error:
        _record_failure(project, request, error, at=at)
        raise


class _Request:
    """A publication request, read."""

    def __init__(self, data: Mapping[str, Any], *, join_once: bool) -> None:
        campaign = data.get("campaign")
        if isinstance(campaign, str):
            campaign = {"name": campaign}
        named = reading.mapping(campaign, "campaign")
        reference = named.get("id") or named.get("name")
        self.campaign_reference = reading.text(reference, "campaign.name")
        self.voucher_reference = data.get("voucher")
        count = reading.amount(named.get("count"), "campaign.count")
        self.count = 1 if count is None or self.voucher_reference else count
        customer = data.get("customer")
        self.customer: str | dict[str, Any] = (
            customer if isinstance(customer, str) else reading.mapping(customer, "customer")
        )
        self.source_id = data.get("source_id") or None
        self.metadata = data.get("metadata") or {}
        self.channel = data.get("channel") or "API"
        self.join_once = join_once
        self.campaign: Campaign | None = None


def forget_customer(*, public_id: str) -> None:
    """Remove what others call the customer and the publications; the publications stay."""
    Publication.objects.filter(customer__public_id=public_id).update(source_id=None, tracking_id="")


def _read(data: Mapping[str, Any], *, join_once: bool) -> _Request:
    request = _Request(data, join_once=join_once)
    if not request.campaign_reference and not request.voucher_reference:
        raise MissingVouchers("Either Campaign or Voucher is required")
    if not request.customer:
        raise Invalid("Payload should have required property 'customer'")
    if not 1 <= request.count <= MAX_COUNT:
        raise Invalid(f"Property .campaign.count must be >= 1 and <= {MAX_COUNT}")
    if request.source_id and request.count > 1:
        raise InvalidPublishParams("Property .source_id is permitted with one voucher only")
    return request


def _publish(
    project: Project, request: _Request, *, at: datetime
) -> tuple[Publication, list[Voucher]]:
    metadata.check(project=project, resource="publication", values=request.metadata)
    if request.campaign_reference:
        request.campaign = queries.get_campaign(reference=request.campaign_reference)
        kinds.refuse_promotion(campaign=request.campaign)
    voucher = None
    if request.voucher_reference:
        voucher = queries.get_voucher(reference=request.voucher_reference)
        request.campaign = voucher.campaign
    customer = customers.upsert(project=project, data=request.customer, at=at)
    former = _of_source_id(request, customer, voucher) or _joined(request, customer, voucher)
    if former is not None:
        return former, codes_of(publication=former)
    taken = (
        pools.take_one(voucher=voucher)
        if voucher is not None
        else pools.take(campaign=request.campaign, count=request.count, at=at)
    )
    publication = _write(project, request, customer, taken, at=at)
    found = codes_of(publication=publication)
    events.published(publication=publication, vouchers=found, at=at)
    return publication, found


def codes_of(*, publication: Publication) -> list[Voucher]:
    """In the order in which they were given, also those in the bin."""
    rows = queries.all_vouchers().filter(public_id__in=publication.voucher_ids)
    found = {voucher.public_id: voucher for voucher in rule_queries.with_assignments(rows)}
    return [found[name] for name in publication.voucher_ids if name in found]


def _of_source_id(
    request: _Request, customer: Customer, voucher: Voucher | None
) -> Publication | None:
    """The publication of this source id. Raises DuplicateSourceId for that of something else."""
    if request.source_id is None:
        return None
    found: Publication | None = (
        queries.publications()
        .filter(source_id=request.source_id, result=PublicationResult.SUCCESS)
        .first()
    )
    if found is None:
        return None
    same_campaign = found.campaign_id == (request.campaign.pk if request.campaign else None)
    same_code = voucher is None or found.voucher_id == voucher.pk
    if found.customer_id != customer.pk or not same_campaign or not same_code:
        raise DuplicateSourceId(
            f"Publication with source_id: '{request.source_id}' already exists",
            resource_id=found.public_id,
            resource_type="publication",
        )
    return found


def _joined(request: _Request, customer: Customer, voucher: Voucher | None) -> Publication | None:
    """The publication by which the customer joined a campaign that is joined once."""
    campaign = request.campaign
    if campaign is None or not (request.join_once or campaign.join_once):
        return None
    # Two requests for one customer at a time would otherwise both find nothing.
    customers.locked(customer=customer)
    found: Publication | None = (
        queries.publications()
        .filter(
            campaign=campaign,
            customer=customer,
            result=PublicationResult.SUCCESS,
            voucher__isnull=False,
        )
        .order_by("pk")
        .first()
    )
    if found is not None and voucher is not None and found.voucher_id != voucher.pk:
        raise pools.CannotBePublished(
            "Voucher cannot be published. Customer already joined program."
        )
    return found


def _write(
    project: Project,
    request: _Request,
    customer: Customer,
    taken: list[Voucher],
    *,
    at: datetime,
) -> Publication:
    for voucher in taken:
        Voucher.objects.filter(pk=voucher.pk).update(
            holder=customer,
            publish_count=F("publish_count") + 1,
            expires_at=pools.end_of_life(voucher=voucher, project=project, at=at),
            updated_at=at,
        )
    return Publication.objects.create(
        project=project,
        voucher=taken[0] if len(taken) == 1 else None,
        voucher_ids=[voucher.public_id for voucher in taken],
        campaign=request.campaign,
        customer=customer,
        channel=request.channel,
        source_id=request.source_id,
        tracking_id=customer.source_id or "",
        metadata=request.metadata,
        created_at=at,
    )


def _record_failure(
    project: Project, request: _Request, error: LoyaltyError, *, at: datetime
) -> None:
    """Keep what was refused, for customers that exist."""
    named = request.customer
    reference = named if isinstance(named, str) else named.get("id") or named.get("source_id")
    try:
        customer = customer_queries.get(reference=str(reference))
    except NotFound:
        return
    Publication.objects.create(
        project=project,
        campaign=request.campaign,
        customer=customer,
        channel=request.channel,
        source_id=request.source_id,
        tracking_id=customer.source_id or "",
        metadata=request.metadata,
        result=PublicationResult.FAILURE,
        failure_code=error.key,
        failure_message=error.details,
        created_at=at,
    )
