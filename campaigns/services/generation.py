"""Making many codes: chunks that commit with their progress, so that a crash costs nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from psycopg import sql

from campaigns import events
from campaigns.models import Campaign, GenerationStatus, Voucher, VoucherType
from campaigns.services import codes as code_configs
from campaigns.services import state
from loyalty_project.core import async_actions, clock, codes, jobs
from loyalty_project.core.errors import Busy, LoyaltyError, NotFound
from loyalty_project.core.models import AsyncAction, Job, Project
from rewards import ledger
from rewards.models import AccountKind

JOB = "campaigns.generate_vouchers"
CHUNK = 5_000
MAX_COUNT = 10_000_000
# How many candidates are drawn at once where most of the pattern's codes are taken.
_MAX_DRAWN = 200_000
_PUBLIC_ID = codes.CodeConfig(pattern="#" * 24, prefix="v_")
_DRAWN = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS campaigns_drawn"
    ' (n int, public_id text, code text, code_key text COLLATE "C") ON COMMIT DROP'
)


def start(
    *,
    project: Project,
    campaign: Campaign,
    count: int,
    config: codes.CodeConfig,
    at: datetime,
    overrides: Mapping[str, Any] | None = None,
) -> AsyncAction:
    """Refuse a count for which there is no room, else begin to make so many codes.

    `overrides` are fields of the new codes by name, as JSON. In the caller's transaction. Raises
    NoRoom.
    """
    code_configs.require_room(project=project, config=config, wanted=count)
    Campaign.objects.filter(pk=campaign.pk).update(generation_status=GenerationStatus.IN_PROGRESS)
    campaign.generation_status = GenerationStatus.IN_PROGRESS
    events.campaign_changed("campaign.vouchers.generation.started", campaign=campaign, at=at)
    return async_actions.start(
        "CAMPAIGN.VOUCHERS_GENERATE",
        project=project,
        job=JOB,
        params={
            "campaign": campaign.pk,
            "config": code_configs.config_document(config=config),
            "overrides": dict(overrides or {}),
        },
        total=count,
        at=at,
        subject=campaign.public_id,
    )


def run(*, job: Job) -> None:
    """Make the codes that are still missing. Safe to run again after a crash at any point."""
    action = async_actions.of_job(job)
    if action.status in async_actions.ENDED:
        return
    try:
        while action.done < action.total:
            _make_chunk(action, job=job)
            jobs.let_others(job)
    except Busy:
        raise
    except LoyaltyError as error:
        _end(action, job=job, message=error.details, ok=False)
    else:
        _end(action, job=job, message=f"{action.done} codes were made", ok=True)


def give_up(*, job: Job) -> None:
    """Say that the codes are not made, in the transaction that fails the job."""
    action = async_actions.of_job(job)
    _end(action, job=job, message=async_actions.GIVEN_UP, ok=False)


def add(*, prototype: Voucher, config: codes.CodeConfig, count: int) -> list[int]:
    """Insert exactly `count` codes like `prototype` in the caller's transaction; their keys.

    Gift cards come with an account each.

    Draws again for codes that exist already, here or in a transaction that commits first. Raises
    NoRoom when the pattern is used up.
    """
    made: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN)
        while len(made) < count:
            found = _draw(cursor, prototype, config=config, count=count - len(made))
            made += found
            if not found:
                _refuse_if_used_up(prototype.project, config, wanted=count, made=len(made))
    return made


def _refuse_if_used_up(
    project: Project, config: codes.CodeConfig, *, wanted: int, made: int
) -> None:
    possible, taken = code_configs.free(project=project, config=config)
    if possible <= taken:
        raise code_configs.NoRoom(wanted=wanted, possible=possible, taken=taken - made)


def _make_chunk(action: AsyncAction, *, job: Job) -> None:
    with transaction.atomic():
        campaign = _held(action)
        prototype = like_campaign(campaign=campaign, at=clock.now(), **action.params["overrides"])
        config = codes.CodeConfig(**{**action.params["config"], "length": None})
        made = add(prototype=prototype, config=config, count=min(CHUNK, action.total - action.done))
        count_made(campaign=campaign, count=len(made))
        async_actions.advance(action, job=job, done=len(made), cursor={"last": made[-1]})


def _held(action: AsyncAction) -> Campaign:
    try:
        campaign: Campaign = Campaign.objects.get(pk=action.params["campaign"])
        state.hold(campaign=campaign)
    except (Campaign.DoesNotExist, NotFound) as error:
        raise NotFound(state.DELETED) from error
    return campaign


def like_campaign(*, campaign: Campaign, at: datetime, **overrides: Any) -> Voucher:
    """A code of the campaign that has no code yet. Its limit is that of the campaign."""
    template = campaign.voucher_template or {}
    values = {
        "redemption_limit": (template.get("redemption") or {}).get("quantity"),
        "is_referral_code": bool(template.get("is_referral_code")),
        "definition_id": campaign.definition_id,
        "type": template["type"],
        **overrides,
    }
    return Voucher(
        project=campaign.project, campaign=campaign, created_at=at, updated_at=at, **values
    )


def count_made(*, campaign: Campaign, count: int) -> None:
    """Count codes made (or, below zero, deleted); no history, for it is no configuration."""
    Campaign.objects.filter(pk=campaign.pk).update(vouchers_count=F("vouchers_count") + count)


def _end(action: AsyncAction, *, job: Job, message: str, ok: bool) -> None:
    at = clock.now()
    with transaction.atomic():
        if not async_actions.finish(action, job=job, message=message, ok=ok):
            return
        campaign = (
            Campaign.objects.select_related("category", "project")
            .select_for_update(of=("self",), no_key=True)
            .filter(pk=action.params["campaign"])
            .first()
        )
        if campaign is None:
            return
        campaign.generation_status = _status_after(campaign, ok=ok)
        Campaign.objects.filter(pk=campaign.pk).update(generation_status=campaign.generation_status)
        if ok:
            events.generation_completed(campaign=campaign, count=action.done, at=at)
        else:
            events.campaign_changed(
                "campaign.vouchers.generation.failed", campaign=campaign, at=at, error=message
            )


def _status_after(campaign: Campaign, *, ok: bool) -> str:
    """Another job of the campaign may still run."""
    if not ok:
        return GenerationStatus.FAILED
    others = AsyncAction.objects.filter(
        subject=campaign.public_id, type="CAMPAIGN.VOUCHERS_GENERATE"
    ).exclude(status__in=async_actions.ENDED)
    return GenerationStatus.IN_PROGRESS if others.exists() else GenerationStatus.DONE


def _draw(cursor: Any, prototype: Voucher, *, config: codes.CodeConfig, count: int) -> list[int]:
    """One draw: as many candidates as probably hold `count` new codes, and those that were new."""
    project = prototype.project
    possible, taken = code_configs.free(project=project, config=config)
    if possible <= taken:
        return []
    wanted = min(possible, _MAX_DRAWN, count * possible // (possible - taken) + (taken > 0))
    drawn = codes.generate(config, wanted, case_sensitive=project.case_sensitive_codes)
    ids = codes.generate(_PUBLIC_ID, wanted)
    cursor.execute("TRUNCATE campaigns_drawn")
    with cursor.copy("COPY campaigns_drawn (n, public_id, code, code_key) FROM STDIN") as copy:
        for n, (public_id, code) in enumerate(zip(ids, drawn, strict=True)):
            copy.write_row((n, public_id, code, code_configs.key_of(code=code, project=project)))
    statement, values = _insertion(prototype)
    cursor.execute(statement.as_string(cursor), [*values, project.pk, count])
    made = cursor.fetchall()
    if prototype.type == VoucherType.GIFT_VOUCHER:
        ledger.open_many(
            project=project,
            kind=AccountKind.GIFT,
            keys=[account for _, account in made],
            amount=prototype.definition.data["gift"]["amount"],
            at=prototype.created_at,
        )
    return [pk for pk, _ in made]


def _insertion(prototype: Voucher) -> tuple[sql.Composed, list[Any]]:
    """INSERT of the drawn codes with the other columns of the prototype.

    The rows go in by key, so that two jobs never wait for each other in a circle. Those of gift
    cards name accounts that are opened right after them.
    """
    drawn = {"public_id", "code", "code_key", "account_id"}
    is_card = prototype.type == VoucherType.GIFT_VOUCHER
    fields = [
        field
        for field in Voucher._meta.concrete_fields
        if not field.primary_key and field.column not in drawn
    ]
    statement = sql.SQL(
        "INSERT INTO campaigns_voucher (public_id, code, code_key, account_id, {columns})"
        " SELECT public_id, code, code_key, {account}, {values} FROM ("
        "SELECT * FROM campaigns_drawn AS drawn WHERE NOT EXISTS ("
        "SELECT 1 FROM campaigns_voucher AS there"
        " WHERE there.project_id = %s AND there.code_key = drawn.code_key)"
        " ORDER BY n LIMIT %s) AS fresh ORDER BY code_key"
        " ON CONFLICT (project_id, code_key) DO NOTHING RETURNING id, account_id"
    ).format(
        account=sql.SQL(ledger.NEXT_KEY if is_card else "NULL::bigint"),
        columns=sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
        values=sql.SQL(", ").join(
            sql.SQL("%s::{}").format(sql.SQL(field.db_type(connection) or "text"))
            for field in fields
        ),
    )
    values = [
        field.get_db_prep_save(getattr(prototype, field.attname), connection) for field in fields
    ]
    return statement, values
