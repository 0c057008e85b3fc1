"""Loading again, beside others, and undoing it."""

from datetime import timedelta

import pytest
from django.db import transaction

from campaigns.models import Campaign, DefinitionVersion, Publication, Voucher
from customers.models import Customer
from loyalty_project.core import tenancy
from loyalty_project.core.models import Membership, Project, User
from redemptions.models import Order, OrderItem, Redemption, RedemptionRollback
from reporting.services import demo
from reporting.services.demo import cards
from reporting.services.demo.plan import Sizes
from rewards.models import Product, Sku
from tests.reporting.conftest import AT, SMALL, rows

MODELS = (Product, Sku, Customer, Campaign, Voucher, Publication, Order, OrderItem, Redemption)
# Keys of rows, and what follows from secrets or from the random id of the project.
LEFT_OUT = {"id", "project", "account", "tracking_id", "channel_id", "decision", "budget"}
# What services made lately has ids of its own each time.
BY_SERVICES = {AT - timedelta(days=20), *cards.moments(AT)}


def dump():
    """Every row of the shops by its public ids."""
    found = []
    for model in (*MODELS, RedemptionRollback):
        columns = []
        for field in model._meta.concrete_fields:
            if field.name in LEFT_OUT:
                continue
            target = field.related_model
            if target is DefinitionVersion:
                columns.append(f"{field.name}__data")
            elif target is User:
                columns.append(f"{field.name}__username")
            elif target is not None:
                columns.append(f"{field.name}__public_id")
            else:
                columns.append(field.name)
        made = "order__created_at__in" if model is OrderItem else "created_at__in"
        seeded = rows(model).exclude(**{made: BY_SERVICES})
        found += map(repr, seeded.order_by("public_id").values_list(*columns))
    return found


def dump_of(**options):
    """Load in a transaction that is undone, so that nothing is taken when it is loaded again."""
    with transaction.atomic(), tenancy.all_projects():
        demo.load(**{"at": AT, "seed": 1, "sizes": Sizes(30, 60, 80), **options})
        found = dump()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
class TestSeed:
    def test_makes_the_same_shops_again(self, reference):
        first = dump_of()
        assert len(first) > 400
        assert dump_of() == first

    def test_of_another_number_makes_others(self, reference):
        assert dump_of(seed=2) != dump_of()


@pytest.mark.django_db
class TestLoading:
    @pytest.fixture(autouse=True)
    def _reference(self, reference):
        """Currencies and roles."""

    def test_refuses_where_there_is_a_project_and_writes_nothing(self, project):
        with pytest.raises(demo.NotEmpty):
            demo.load(at=AT, seed=1, sizes=SMALL)
        assert Project.objects.get() == project
        assert not Membership.objects.exists()

    def test_loads_beside_other_projects_when_forced_but_not_twice(self, project):
        sizes = Sizes(20, 20, 20)
        demo.load(at=AT, seed=1, sizes=sizes, force=True)
        with pytest.raises(demo.NotEmpty):
            demo.load(at=AT, seed=1, sizes=sizes, force=True)
        assert Project.objects.count() == 3
