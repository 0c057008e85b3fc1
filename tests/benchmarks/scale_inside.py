"""The work that `scale` measures; runs inside an installation (`manage.py shell`), a step each.

Each step prints one line of JSON. The plain way takes the rows that ours has made and puts them
into the same table, empty again, with all its indexes, constraints and references.
"""

import json
import sys
from pathlib import Path

from django.contrib import admin
from django.core.files.base import File
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from campaigns.models import Voucher
from campaigns.services import campaigns, generation
from customers.models import Customer
from customers.services import imports
from loyalty_project.core import clock, jobs, tenancy
from loyalty_project.core.admin import lists
from loyalty_project.core.models import AsyncAction, OutboxEvent, Project, User
from tests.benchmarks.cost import counted

BLOCK = 1 << 20
CODES = {"pattern": "SUMMER-######-######", "charset": "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"}
OFFER = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "PERCENT", "percent_off": 10}}
HEADER = "source_id,name,email,phone,birthdate,line_1,postal_code,city,country,tier\n"


def make_codes(slug, count, file):
    """A campaign of so many codes, made by the worker's own job; its rows go to `file`."""
    project = Project.objects.get(slug=slug)
    with tenancy.scope(project):
        voucher = {**OFFER, "redemption": {"quantity": 1}, "code_config": CODES}
        data = {"name": "Million", "vouchers_count": count, "voucher": voucher}
        campaigns.create(project=project, data=data, at=clock.now())
        with counted() as cost:
            _run(generation.JOB)
        assert Voucher.objects.count() == count
        assert Voucher.objects.values("code_key").distinct().count() == count
    _keep("campaigns_voucher", file)
    _tell(cost.figures())


def copy_codes(file):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE campaigns_voucher CASCADE")
    with counted() as cost, connection.cursor() as cursor:
        _fill(cursor, "campaigns_voucher", file)
    _tell(cost.figures())


def search_codes(slug):
    """Milliseconds in the database that the list page takes for beginnings of codes."""
    owner, request, found = admin.site.get_model_admin(Voucher), RequestFactory().get("/"), {}
    request.user = User(is_superuser=True)
    with tenancy.scope(Project.objects.get(slug=slug)):
        whole = Voucher.objects.last().code
        for beginning in (whole[:7], whole[:8], whole[:10], whole, "NOTHING"):
            rows, _twice = owner.get_search_results(request, owner.get_queryset(request), beginning)
            with CaptureQueriesContext(connection) as captured:
                counted = lists.CappedPaginator(rows, owner.list_per_page).count
                page = list(rows.select_related(*owner.list_select_related)[: owner.list_per_page])
            assert counted >= len(page)
            found[beginning] = round(sum(_in_database(query["sql"]) for query in captured), 2)
    _tell({f"{len(text)}_symbols_ms": spent for text, spent in found.items() if text != "NOTHING"})


def _in_database(text):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + text.replace("%", "%%"), [])
        ((plan,),) = cursor.fetchone()
    return plan["Planning Time"] + plan["Execution Time"]


def write_customers(count, file):
    """A CSV file of so many people."""
    with Path(file).open("w") as out:
        out.write(HEADER)
        out.writelines(map(_person, range(count)))


def _person(n):
    return (
        f"c{n},Ada Lovelace {n},ada{n}@example.com,'+4930{n:07},1990-12-10,"
        f"12 Square,{n % 100_000:05},London,GB,gold\n"
    )


def import_customers(slug, csv, file=""):
    """Import the CSV file; tells the cost, and how many rows, versions and events it wrote."""
    project = Project.objects.get(slug=slug)
    before = _written()
    with tenancy.scope(project):
        with counted() as cost:
            with Path(csv).open("rb") as source:
                imports.start_csv(project=project, upload=File(source), at=clock.now())
            _run(imports.CSV_JOB)
        action = AsyncAction.objects.latest("pk")
        assert (action.status, action.failed) == ("DONE", 0), action.result
    wrote = {name: number - before[name] for name, number in _written().items()}
    if file:
        _keep("customers_customer", file)
    _tell({**cost.figures(), **wrote})


def copy_customers(file):
    """COPY into a staging table, then INSERT … ON CONFLICT."""
    columns = [
        field.column for field in Customer._meta.concrete_fields if field.column != "source_id"
    ]
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_customer CASCADE")
    with counted() as cost, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE staged (LIKE customers_customer)")
        _fill(cursor, "staged", file)
        cursor.execute(
            "INSERT INTO customers_customer SELECT * FROM staged"
            f" ON CONFLICT (project_id, source_id) DO UPDATE SET {changes}"
        )
    _tell(cost.figures())


def _run(name):
    """Run jobs as a worker does, until the one called so is done."""
    jobs.run_due()
    with tenancy.all_projects():
        assert not jobs.Job.objects.filter(name=name).exclude(status="DONE").exists()


def _written():
    """Rows of customers ever inserted, changed or deleted; their versions; events."""
    with tenancy.all_projects(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT n_tup_ins + n_tup_upd + n_tup_del"
            " FROM pg_stat_user_tables WHERE relname = 'customers_customer'"
        )
        return {
            "rows": cursor.fetchone()[0],
            "versions": Customer.history.count(),
            "events": OutboxEvent.objects.count(),
        }


def _keep(table, file):
    with (
        Path(file).open("wb") as out,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} TO STDOUT") as copy,
    ):
        out.writelines(copy)


def _fill(cursor, table, file):
    # One statement for all rows takes longer than a request ever may.
    cursor.execute("SET statement_timeout = 0")
    with Path(file).open("rb") as rows, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        while block := rows.read(BLOCK):
            copy.write(block)


def _tell(figures):
    sys.stdout.write(json.dumps(figures) + "\n")
