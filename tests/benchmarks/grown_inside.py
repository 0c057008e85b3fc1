"""The work that `grown` measures; runs inside an installation (`manage.py shell`), a step each.

The rows are made by the database, in tables without indexes and constraints but their keys, which
are put back when all are there.
"""

import time

from django.db import connection
from django.test import Client

from campaigns.services import campaigns
from loyalty_project.core import clock, tenancy
from loyalty_project.core.models import Project, User
from tests.benchmarks import timing
from tests.benchmarks.scale_inside import tell

OFFER = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 500}}
LIMIT = 1_000
SECONDS_OF_A_YEAR = 31_536_000
PAGES = 20
# Ids look like ours and are spread like ours, so that no index is smaller than it would be.
ID = "'{}' || left(md5(n::text || '{}') || md5(n::text), 24)"
WHEN = f"now() - make_interval(secs => n::float * {SECONDS_OF_A_YEAR} / %(rows)s)"
WHOSE = "(SELECT min(id) FROM customers_customer) + n %% %(people)s"
WHICH = "(SELECT min(id) FROM campaigns_voucher) + n %% %(people)s"
DISCOUNT = '{"type": "AMOUNT", "amount_off": 500, "effect": "APPLY_TO_ORDER"}'
TABLES = {
    "customers_customer": ("people", {
        "public_id": ID.format("cust_", "c"),
        "source_id": "'c' || n",
        "name": "'Ada Lovelace ' || n",
        "email": "'ada' || n || '@example.com'",
        "phone": "'+4930' || lpad(n::text, 7, '0')",
        "city": "'City ' || n %% 500",
        "tracking_id": "'track_' || left(md5(n::text), 32)",
        "search_name": "'ada lovelace ' || n || ' ada' || n || ' example com'",
        "metadata": "'{\"tier\": \"gold\"}'",
    }),
    "customers_customersummary": ("people", {
        "customer_id": WHOSE,
        "orders_count": "%(each)s",
        "orders_amount": "%(each)s * 4500",
        "last_order_amount": "4500",
        "last_order_at": "now()",
        "redemptions_succeeded": "%(each)s",
    }),
    "campaigns_voucher": ("people", {
        "public_id": ID.format("v_", "v"),
        "code": "'GROWN-' || n",
        "code_key": "'GROWN-' || n",
        "type": "'DISCOUNT_VOUCHER'",
        "campaign_id": "%(campaign)s",
        "definition_id": "%(definition)s",
        "active": "true",
        "redemption_limit": str(LIMIT),
        "redeemed_count": "%(each)s",
    }),
    "redemptions_order": ("rows", {
        "public_id": ID.format("ord_", "o"),
        "source_id": "'o' || n",
        "status": "'PAID'",
        "customer_id": WHOSE,
        "amount": "5000",
        "initial_amount": "5000",
        "discount_amount": "500",
        "total_amount": "4500",
        "paid_at": WHEN,
    }),
    "redemptions_redemption": ("rows", {
        "public_id": ID.format("r_", "r"),
        "voucher_id": WHICH,
        "campaign_id": "%(campaign)s",
        "customer_id": WHOSE,
        "order_id": "(SELECT min(id) FROM redemptions_order) + n",
        "code": "'GROWN-' || n %% %(people)s",
        "result": "'SUCCESS'",
        "discount": f"'{DISCOUNT}'",
        "applied_amount": "500",
        "decision": "'{\"channel\": \"web\"}'",
        "channel_type": "'API'",
        "channel_id": "'bench'",
        "redeemed_at": WHEN,
    }),
}  # fmt: skip


def fill(slug, people, each):
    """So many customers and codes, and so many orders and redemptions of each; tells seconds."""
    project, began = Project.objects.get(slug=slug), time.perf_counter()
    with tenancy.scope(project):
        data = {"name": "Grown", "vouchers_count": 0, "voucher": OFFER}
        campaign = campaigns.create(project=project, data=data, at=clock.now())
    given = {
        "project": project.pk,
        "campaign": campaign.pk,
        "definition": campaign.definition_id,
        "people": people,
        "each": each,
        "rows": people * each,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for table, (count, columns) in TABLES.items():
            back = _stripped(cursor, table)
            cursor.execute(_insertion(cursor, table, columns, count), given)
            for statement in back:
                cursor.execute(statement)
        cursor.execute("UPDATE campaigns_campaign SET vouchers_count = %s", [people])
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_database_size(current_database()) / 1000000")
        (size,) = cursor.fetchone()
    tell({"seconds": round(time.perf_counter() - began), "megabytes": size})


def pages(slug):
    """Milliseconds that the server takes for pages of the admin."""
    project = Project.objects.get(slug=slug)
    admin = User.objects.create_superuser("bench", "bench@example.com", "bench")
    http = Client()
    http.force_login(admin)
    session = http.session
    session["project"] = project.public_id
    session.save()
    found = {}
    for name, path in {
        "customers": "customers/customer/?",
        "customers, a name": "customers/customer/?q=ada+lovelace+77",
        "customers, page 50": "customers/customer/?p=50",
        "codes": "campaigns/voucher/?",
        "codes, a beginning": "campaigns/voucher/?q=GROWN-77",
        "orders": "redemptions/order/?",
        "orders, a number": "redemptions/order/?q=o777777",
        "redemptions": "redemptions/redemption/?",
        "redemptions, a code": "redemptions/redemption/?q=GROWN-777",
        "search everywhere": "search/?q=777",
    }.items():
        times = timing.waited(lambda path=path: _page(http, path), PAGES)
        found[f"admin: {name}"] = timing.spread(times)
    tell(found)


def _page(http, path):
    answer = http.get(f"/admin/{path}", HTTP_HOST="127.0.0.1")
    assert answer.status_code == 200, (path, answer.status_code, answer.headers)


def _stripped(cursor, table):
    """Take indexes and unique constraints off an empty table; the statements that put them back."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('u', 'f')",
        [table],
    )
    constraints = dict(cursor.fetchall())
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisprimary",
        [table],
    )
    indexes = {name: text for name, text in cursor.fetchall() if name not in constraints}
    for name in constraints:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name in indexes:
        cursor.execute(f"DROP INDEX {name}")
    whole = [f'ALTER TABLE {table} ADD CONSTRAINT "{n}" {text}' for n, text in constraints.items()]
    return [*whole, *indexes.values()]


def _insertion(cursor, table, columns, count):
    """INSERT of generated rows; what is not named is empty, 0 or false, as its type has it."""
    empty = {"text": "''", "character varying": "''", "jsonb": "'{}'", "boolean": "false"}
    cursor.execute(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id' ORDER BY ordinal_position",
        [table],
    )
    known = {"project_id": "%(project)s", "created_at": WHEN, "updated_at": "now()", **columns}
    for name, kind, nullable in cursor.fetchall():
        if name not in known and nullable == "NO":
            known[name] = empty.get(kind, "0")
    return (
        f"INSERT INTO {table} ({', '.join(known)}) SELECT {', '.join(known.values())}"
        f" FROM generate_series(0, %({count})s - 1) AS n"
    )
