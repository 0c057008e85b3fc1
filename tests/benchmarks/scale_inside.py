"""The work that `scale` measures; runs inside an installation (`manage.py shell`), a step each.

Each step prints one line of JSON. The plain way takes the rows that ours has made and puts them
into the same table, empty again, with all its indexes, constraints and references.
"""

import json
import sys
from pathlib import Path

from django.contrib import admin
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from campaigns.models import Voucher
from campaigns.services import campaigns
from loyalty_project.core import clock, jobs, tenancy
from loyalty_project.core.admin import lists
from loyalty_project.core.models import Project, User
from tests.benchmarks.cost import counted

BLOCK = 1 << 20
CODES = {"pattern": "SUMMER-######-######", "charset": "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"}
OFFER = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "PERCENT", "percent_off": 10}}


def make_codes(slug, count, file):
    """A campaign of so many codes, made by the worker's own job; its rows go to `file`."""
    project = Project.objects.get(slug=slug)
    with tenancy.scope(project):
        voucher = {**OFFER, "redemption": {"quantity": 1}, "code_config": CODES}
        data = {"name": "Million", "vouchers_count": count, "voucher": voucher}
        campaigns.create(project=project, data=data, at=clock.now())
        with counted() as cost:
            run()
        assert Voucher.objects.count() == count
        assert Voucher.objects.values("code_key").distinct().count() == count
    keep("campaigns_voucher", file)
    tell(cost.figures())


def copy_codes(file):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE campaigns_voucher CASCADE")
    with counted() as cost, connection.cursor() as cursor:
        fill(cursor, "campaigns_voucher", file)
    tell(cost.figures())


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
    tell({f"{len(text)}_symbols_ms": spent for text, spent in found.items() if text != "NOTHING"})


def _in_database(text):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + text.replace("%", "%%"), [])
        ((plan,),) = cursor.fetchone()
    return plan["Planning Time"] + plan["Execution Time"]


def run():
    """Run jobs as a worker does, until all are done."""
    jobs.run_due()
    with tenancy.all_projects():
        assert not jobs.Job.objects.exclude(status="DONE").exists()


def keep(table, file):
    with (
        Path(file).open("wb") as out,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} TO STDOUT") as copy,
    ):
        out.writelines(copy)


def fill(cursor, table, file):
    # One statement for all rows takes longer than a request ever may.
    cursor.execute("SET statement_timeout = 0")
    with Path(file).open("rb") as rows, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        while block := rows.read(BLOCK):
            copy.write(block)


def tell(figures):
    sys.stdout.write(json.dumps(figures) + "\n")
