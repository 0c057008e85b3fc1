"""What lists say of discounts: names of what is given, in as many queries for many as for one."""

import pytest
from django.urls import reverse

from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.product import ProductFactory

pytestmark = pytest.mark.usefixtures("in_project")
LIST = "admin:campaigns_campaign_changelist"


def test_lists_in_the_same_number_of_queries_whatever_the_number(
    person, django_assert_num_queries, django_assert_max_num_queries
):
    http = person("Marketer")
    _gives("A mug")
    http.get(reverse(LIST))
    with django_assert_max_num_queries(15) as few:
        http.get(reverse(LIST))
    for number in range(9):
        _gives(f"Sample {number}")

    with django_assert_num_queries(len(few.captured_queries)):
        page = http.get(reverse(LIST)).content.decode()
    assert "1 unit of A mug for free" in page
    assert "1 unit of Sample 8 for free" in page


def _gives(name):
    """A campaign that gives a product of that name."""
    discount = {"type": "UNIT", "unit_type": ProductFactory(name=name).public_id}
    CampaignFactory(category=CategoryFactory(), voucher_template={"discount": discount})
