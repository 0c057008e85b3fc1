"""Rows of the platform's own models."""

import factory
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group

from loyalty_project.core import clock
from loyalty_project.core.models import (
    ApiCall,
    ApiKey,
    AsyncAction,
    Currency,
    Job,
    ManagementKey,
    Membership,
    MetadataSchema,
    OutboxEvent,
)
from loyalty_project.core.models.api_key import hash_secret
from tests.factories.project import ProjectFactory
from tests.factories.user import UserFactory


class GroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Group

    name = factory.Sequence(lambda n: f"Auditor {n}")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    project = factory.SubFactory(ProjectFactory)
    group = factory.SubFactory(GroupFactory)


class ApiKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApiKey

    name = factory.Sequence(lambda n: f"Till {n}")
    secret_hash = factory.Sequence(lambda n: hash_secret(f"secret {n}"))
    secret_hint = "c9z7"


class ApiCallFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApiCall

    api_key = factory.SubFactory(ApiKeyFactory)
    method = "POST"
    route = "/v1/redemptions"
    status = 200
    milliseconds = 12
    request_id = factory.Sequence(lambda n: f"v-{n:018x}")
    ip = "203.0.113.7"


class ManagementKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ManagementKey

    name = factory.Sequence(lambda n: f"Terraform {n}")
    secret_hash = factory.Sequence(lambda n: hash_secret(f"management {n}"))
    secret_hint = "q4x1"


class MetadataSchemaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MetadataSchema

    related_object = factory.Sequence(lambda n: f"shelf{n}")
    properties = factory.LazyFunction(lambda: {"tier": {"type": "string"}})


class AsyncActionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AsyncAction

    type = "VOUCHERS.GENERATE"
    total = 10
    user = factory.SubFactory(UserFactory)


class JobFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Job

    name = "campaigns.generate"
    run_at = factory.LazyFunction(clock.now)


class OutboxEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OutboxEvent

    type = "voucher.created"
    subject = factory.Sequence(lambda n: f"v_{n}")
    data = factory.LazyFunction(lambda: {"code": "WELCOME"})
    occurred_at = factory.LazyFunction(clock.now)


class CurrencyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Currency

    code = factory.Sequence(lambda n: f"X{n % 100:02}")
    name = "Points"
    exponent = 2
    display_digits = 2
    effective_from = "2020-01-01"


class LogEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LogEntry

    user = factory.SubFactory(UserFactory)
    object_repr = "Something"
    action_flag = CHANGE
