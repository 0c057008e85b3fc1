"""The work that `files` measures; runs inside an installation (`manage.py shell`), a step each.

The plain way takes the rows that ours has made and puts them into the same tables, empty again,
with all their indexes, constraints and references.
"""

from pathlib import Path

from django.core.files.base import File
from django.db import connection

from campaigns.models import Campaign
from campaigns.services import campaigns
from campaigns.services import imports as codes
from customers.services import imports as customers
from loyalty_project.core import clock, tenancy, wakeup
from loyalty_project.core.models import AsyncAction, OutboxEvent, Project
from redemptions.services import order_imports as orders
from rewards.services import imports as products
from tests.benchmarks.cost import counted
from tests.benchmarks.scale_inside import fill, keep, run, tell

# Tables that a file fills, each with the columns by which a row is known.
TABLES = {
    "customers": {"customers_customer": "project_id, source_id"},
    "coupons": {"campaigns_voucher": "project_id, code_key"},
    "cards": {
        "rewards_ledgeraccount": "id",
        "rewards_ledgerentry": "id",
        "campaigns_voucher": "project_id, code_key",
    },
    "products": {"rewards_product": "project_id, source_id"},
    "orders": {
        "customers_customer": "project_id, source_id",
        "customers_customersummary": "customer_id",
        "redemptions_order": "project_id, source_id",
        "redemptions_orderitem": "order_id, position",
    },
}
LINES = 3
HEADERS = {
    "customers": "source_id,name,email,phone,birthdate,line_1,postal_code,city,country,tier",
    "coupons": "Code,Active,Category,Expiration date,Redemption limit,tier",
    "cards": "Code,Gift Amount,tier",
    "products": "source_id,name,price,cost,attributes,origin",
    "orders": "source_id,status,created_at,customer,item_product,item_quantity,item_price",
}


def write_file(kind, count, file):
    """A CSV file of so many rows."""
    row = {
        "customers": lambda n: (
            f"c{n},Ada Lovelace {n},ada{n}@example.com,'+4930{n:07},1990-12-10,"
            f"12 Square,{n % 100_000:05},London,GB,gold"
        ),
        "coupons": lambda n: f"SUMMER-{n * 7919 % 10**9:09},TRUE,Tea,2030-01-31,1,gold",
        "cards": lambda n: f"CARD-{n * 7919 % 10**9:09},{n % 90 + 10}.50,gold",
        "products": lambda n: f'p{n},Beans {n},{n % 50}.50,3.10,"size, roast",Huila',
        "orders": _line,
    }[kind]
    with Path(file).open("w") as out:
        out.write(HEADERS[kind] + "\n")
        out.writelines(row(n) + "\n" for n in range(count))


def _line(n):
    """Three lines of an order follow one another; five orders of each customer."""
    order = n // LINES
    return f"o{order},PAID,2026-01-{order % 28 + 1:02}T10:00:00Z,c{order // 5},p{n % 500},2,9.90"


def empty(kind):
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES[kind])} CASCADE")


def import_file(kind, slug, csv):
    """Import the CSV file; tells the cost, and how many rows and events it wrote."""
    project = Project.objects.get(slug=slug)
    before = _written(kind)
    with tenancy.scope(project):
        start = _start(kind, project)
        # No worker runs here, and to look for the broker that is not there costs the first time.
        with wakeup.nobody_to_wake(), counted() as cost:
            with Path(csv).open("rb") as source:
                start(project=project, upload=File(source), at=clock.now())
            run()
        action = AsyncAction.objects.latest("pk")
        assert (action.status, action.failed) == ("DONE", 0), action.result["failed"][:1]
    wrote = {name: number - before[name] for name, number in _written(kind).items()}
    tell({**cost.figures(), **wrote})


def _start(kind, project):
    if kind not in {"coupons", "cards"}:
        return {
            "customers": customers.start_csv,
            "products": products.start_products_csv,
            "orders": orders.start_csv,
        }[kind]
    campaign = Campaign.objects.filter(name=kind).first() or _campaign(kind, project)
    return lambda **given: codes.start_csv(campaign=campaign, **given)


def _campaign(kind, project):
    offer = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "PERCENT", "percent_off": 10}}
    if kind == "cards":
        offer = {"type": "GIFT_VOUCHER", "gift": {"amount": 1000}}
    of = "GIFT_VOUCHERS" if kind == "cards" else "DISCOUNT_COUPONS"
    data = {"name": kind, "campaign_type": of, "vouchers_count": 0, "voucher": offer}
    return campaigns.create(project=project, data=data, at=clock.now())


def keep_rows(kind, file):
    for table in TABLES[kind]:
        keep(table, f"{file}.{table}")


def copy_rows(kind, file):
    """COPY into staging tables, then INSERT … ON CONFLICT."""
    empty(kind)
    with counted() as cost, connection.cursor() as cursor:
        for table, key in TABLES[kind].items():
            cursor.execute(f"CREATE TEMPORARY TABLE staged (LIKE {table})")
            fill(cursor, "staged", f"{file}.{table}")
            cursor.execute(
                f"INSERT INTO {table} SELECT * FROM staged"
                f" ON CONFLICT ({key}) DO UPDATE SET {_changes(cursor, table, key)}"
            )
            cursor.execute("DROP TABLE staged")
    tell(cost.figures())


def _changes(cursor, table, key):
    columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
    rest = [name for name in columns if name != "id" and name not in key.split(", ")]
    return ", ".join(f"{name} = excluded.{name}" for name in rest)


def _written(kind):
    """Rows of the tables ever inserted, changed or deleted; events."""
    with tenancy.all_projects(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int"
            " FROM pg_stat_user_tables WHERE relname = ANY(%s)",
            [list(TABLES[kind])],
        )
        return {"rows": cursor.fetchone()[0], "events": OutboxEvent.objects.count()}
