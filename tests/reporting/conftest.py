import importlib
import sys
import time
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import transaction

from loyalty_project.core import tenancy
from loyalty_project.core.models import Currency
from redemptions.models import Redemption, Result
from reporting.services import demo
from reporting.services.demo.plan import Sizes

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
SMALL = Sizes(customers=60, orders=200, codes=300)


def rows(model):
    return model._base_manager.all()


def successes():
    """Those of discounts; gift cards pay and take nothing off."""
    return Redemption.objects.filter(result=Result.SUCCESS, credits_amount=None)


@pytest.fixture(scope="module")
def open_database(django_db_setup, django_db_blocker):
    """A transaction for the whole module, undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        if not Currency.objects.exists():
            importlib.import_module("loyalty_project.core.migrations.0002_sql").load_currencies(
                apps, None
            )
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def said(open_database):
    """The small demo, loaded once; what it says about logins and keys."""
    started = time.perf_counter()
    known = demo.load(at=AT, seed=1, sizes=SMALL)
    sys.stdout.write(f"loaded {SMALL} in {time.perf_counter() - started:.1f} s\n")
    return known


@pytest.fixture
def everywhere(db, said):
    """Every project of the demo at once; `db` says that these tests want the database made."""
    with tenancy.all_projects():
        yield
