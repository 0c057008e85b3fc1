"""A code is found by its beginning among as many as there are, without reading the others."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Voucher
from campaigns.services import generation
from loyalty_project.core import codes
from tests.factories.campaign import CampaignFactory
from tests.factories.voucher import VoucherFactory

LIST = reverse("admin:campaigns_voucher_changelist")


@pytest.fixture
def many(in_project):
    """12,000 codes that begin with SUMMER- and one that does not."""
    prototype = VoucherFactory(code="WINTER-1", campaign=CampaignFactory())
    config = codes.CodeConfig(pattern="SUMMER-########")
    generation.add(prototype=prototype, config=config, count=12_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE campaigns_voucher")


def plans(http, address, values):
    """How PostgreSQL answers each query on codes that the page asks."""
    with CaptureQueriesContext(connection) as captured:
        answer = http.get(address, values)
    assert answer.status_code == 200
    asked = [query["sql"] for query in captured if 'FROM "campaigns_voucher"' in query["sql"]]
    with connection.cursor() as cursor:
        for text in asked:
            cursor.execute("EXPLAIN ANALYZE " + text.replace("%", "%%"), [])
            yield text, "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.requirement(136)
def test_a_beginning_is_looked_up_in_the_index(many, staff):
    http = staff("Marketer")
    for address in (LIST, reverse("admin:search")):
        for beginning in ("SUMMER-A", "SUMMER-A7", "WIN", "NOTHING"):
            found = list(plans(http, address, {"q": beginning}))

            assert found
            for _text, plan in found:
                assert re.search(r"(using|on) campaigns_voucher_code ", plan), plan
                assert "Seq Scan on campaigns_voucher" not in plan


def test_the_list_counts_no_further_than_it_says(many, staff):
    http = staff("Marketer")
    for values in ({}, {"q": "SUMMER-"}):
        for text, plan in plans(http, LIST, values):
            assert "LIMIT" in text
            read = re.findall(r"rows=(\d+)(?:\.\d+)? loops", plan)
            assert max(int(rows) for rows in read) <= 10_001
        assert "10,000" in http.get(LIST, values).content.decode()


def test_a_clicked_column_sorts_what_was_found(in_project, staff):
    campaign = CampaignFactory()
    for code in ("AB", "AA", "AC"):
        VoucherFactory(code=code, campaign=campaign)
    Voucher.objects.filter(code="AC").update(publish_count=2)

    http = staff("Marketer")

    def shown(**values):
        page = http.get(LIST, {"q": "A", **values}).context["cl"]
        return [voucher.code for voucher in page.result_list]

    assert shown() == ["AA", "AB", "AC"]
    assert shown(o="-6")[0] == "AC"
