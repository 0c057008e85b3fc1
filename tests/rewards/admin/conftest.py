import pytest

from loyalty_project.core import tenancy
from tests.factories.sku import SkuFactory
from tests.person import Person


@pytest.fixture
def person(staff, project):
    return lambda role, where=project: Person(staff(role, in_project=where), where)


@pytest.fixture
def marketer(person):
    return person("Marketer")


@pytest.fixture
def bag(project):
    """A SKU of 30.00 whose product costs 9.00."""
    with tenancy.scope(project):
        return SkuFactory(
            source_id="bag",
            sku="Bag",
            price=3000,
            product__source_id="beans",
            product__name="Beans",
            product__price=900,
        )
