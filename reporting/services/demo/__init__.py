"""Demo data: two believable shops, the same for the same seed and day.

`load` writes them, `remove` deletes them again. Projects, people, keys and schemas are made by the
services that everybody uses, so their ids and secrets differ from load to load; everything that the
shops do is decided by the seed.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from loyalty_project.core import currencies, tenancy
from loyalty_project.core.errors import Conflict
from loyalty_project.core.models import ApiKey, Project, User
from loyalty_project.core.services import metadata_schemas, projects
from reporting.services.demo import (
    activity,
    audit,
    bulk,
    cards,
    catalog,
    customers,
    people,
    plays,
    promotions,
    publishing,
    roastery,
    sales,
    tehran,
)
from reporting.services.demo.plan import Shop, Sizes, Source

SHOPS = (roastery.SHOP, tehran.SHOP)


class NotEmpty(Conflict):
    """There are projects already, or those of the demo are loaded."""


def load(
    *, at: datetime, seed: int, sizes: Sizes, password: str = "", force: bool = False
) -> dict[str, Any]:
    """Write the demo in one transaction; the logins and keys, whose secrets are shown only here.

    `{"logins": [{role, username, password, project}], "api_keys": [{project, kind, app_id,
    app_token}]}`. Raises NotEmpty where any project exists, with `force` where the demo's own do.
    """
    with transaction.atomic(), tenancy.all_projects():
        _refuse_unless_free(force=force)
        with connection.cursor() as cursor:
            # Writing a million orders takes longer than any request may.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        staff = people.hire(at=at - timedelta(days=401), password=password)
        api_keys = []
        for shop in SHOPS:
            api_keys += _load(shop, staff, at=at, seed=seed, sizes=_share(sizes, shop))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"logins": staff.logins, "api_keys": api_keys}


def _refuse_unless_free(*, force: bool) -> None:
    taken = Project.objects.all()
    if force:
        taken = taken.filter(slug__in=[shop.slug for shop in SHOPS])
    if taken.exists():
        raise NotEmpty("The demo loads into an empty installation only, and there are projects")
    usernames = [person.username for person in people.PERSONS]
    if User.objects.filter(username__in=usernames).exists():
        raise NotEmpty("There are people with the logins of the demo already")


def _share(sizes: Sizes, shop: Shop) -> Sizes:
    """The first shop's part is rounded down, the last one's up, so that they make the whole."""

    def part(total: int) -> int:
        first = total * SHOPS[0].share // 100
        return first if shop is SHOPS[0] else total - first

    return Sizes(part(sizes.customers), part(sizes.orders), part(sizes.codes))


def _load(
    shop: Shop, staff: people.Staff, *, at: datetime, seed: int, sizes: Sizes
) -> list[dict[str, str]]:
    source = Source(seed, shop.slug)
    project = _open(shop, at=at)
    exponent = currencies.find(shop.currency, on=at.date()).exponent
    with tenancy.scope(project):
        people.employ(project, shop)
        keys = people.issue_keys(project, shop)
        _describe(project, shop)
        goods = catalog.load(project, shop, exponent=exponent, at=at, source=source)
        crowd = customers.gather(shop, sizes.customers, at=at, source=source)
        bulk.copy(customers.rows(project, shop, crowd, at=at, source=source))
        server = ApiKey.objects.get(app_id=keys.channel_id)
        known = customers.rows(project, shop, crowd, at=at, source=source)
        bulk.copy(audit.imported(known, server))
        shared = plays.budget(project, shop.plays, exponent=exponent, at=at)
        pools = promotions.load(
            project,
            shop,
            exponent=exponent,
            orders=sizes.orders,
            codes_total=sizes.codes - len(shop.plays.codes) - cards.CARDS,
            at=at,
            source=source,
            owner=staff.of(shop, "Marketer"),
            budget=shared,
        )
        year = sales.Year(project, shop, crowd, goods, pools, at, source, keys.channel_id)
        sales.load(year, sizes.orders - cards.ORDERS)
        publishing.give_unused(pools, crowd, at=at, source=source)
        bulk.copy(promotions.rows(pools, first_customer=crowd.first_pk))
        bulk.copy(publishing.rows(pools, crowd, shop, source=source))
        bulk.copy(customers.summaries(project, crowd, at=at))
        owner = staff.of(shop, "Marketer")
        plays.load(project, shop.plays, owner=owner, exponent=exponent, at=at)
        cards.load(project, shop, staff, key=server, exponent=exponent, at=at)
        audit.configuration(shop, pools, staff)
        audit.tasks(shop, pools, staff, source=source)
        activity.load(project, source=source)
    return keys.shown


def _open(shop: Shop, *, at: datetime) -> Project:
    project = projects.create(
        name=shop.name,
        slug=shop.slug,
        at=at,
        case_sensitive_codes=shop.case_sensitive_codes,
        description=shop.description,
        currency=shop.currency,
        timezone=shop.timezone,
        locale=shop.locale,
        dial_code=shop.dial_code,
        client_trusted_domains=[shop.trusted_domain],
    )
    project.created_at = at - timedelta(days=401)
    project.save(update_fields=["created_at"])
    return project


def _describe(project: Project, shop: Shop) -> None:
    """The metadata schemas: what the attributes of customers, orders and products are."""
    for resource, properties in shop.schemas.items():
        metadata_schemas.create(
            project=project,
            related_object=resource,
            properties={
                name: {"array": False, "optional": True, **definition}
                for name, definition in properties.items()
            },
        )
