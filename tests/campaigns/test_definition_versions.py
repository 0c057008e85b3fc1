"""A definition is never changed: the database itself refuses."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from campaigns.models import DefinitionVersion
from tests.factories.campaign import DefinitionVersionFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")


def test_refuses_a_change():
    definition = DefinitionVersionFactory()
    before = definition.data

    refused = pytest.raises(DatabaseError, match="campaigns_definitionversion is append-only")
    with refused, transaction.atomic():
        DefinitionVersion.objects.filter(pk=definition.pk).update(data={})

    assert DefinitionVersion.objects.get().data == before


def test_refuses_to_delete_what_a_code_refers_to():
    voucher = VoucherFactory()

    delete = "SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM campaigns_definitionversion"

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(delete)

    assert DefinitionVersion.objects.get() == voucher.definition


def test_lets_what_nothing_refers_to_go():
    DefinitionVersionFactory().delete()

    assert not DefinitionVersion.objects.exists()
