"""What people set up is written down: every model that an admin may change has a history."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group

from loyalty_project.core.models import User
from tests.architecture import source

WITHOUT = {
    "admin.LogEntry": "is a log itself, and nobody may change it",
    "campaigns.Apology": "a fact: made once, never edited",
    "campaigns.DefinitionVersion": "each row is a version, which the database keeps as it is",
    "campaigns.Publication": "a fact: made once, never edited",
    "campaigns.UsageDelta": "a counter under way",
    "core.ApiCall": "is a log itself, which the database keeps as it is",
    "core.AsyncAction": "the progress of a job",
    "core.EventDelivery": "the progress of an event",
    "core.Heartbeat": "when a worker was last seen",
    "core.IdempotencyRecord": "an answer that is kept for a day",
    "core.Job": "work to do",
    "core.OAuthToken": "a short-lived secret; its key has the history",
    "core.OutboxEvent": "a fact: made once, never edited",
    "core.RecoveryCode": "a secret that serves once; its person has the history",
    "core.RefusedRows": "what a job reports, written once",
    "core.WebhookDelivery": "has the log of its own attempts",
    "customers.CustomerSummary": "figures that follow from orders and redemptions",
    "customers.SegmentMembership": "who comes and goes is an event",
    "redemptions.NightlyCheck": "the result of a check",
    "redemptions.Order": "a fact of the shop, of which each redemption keeps a copy",
    "redemptions.OrderItem": "part of an order",
    "redemptions.OrderReturn": "a fact: made once, never edited",
    "redemptions.Redemption": "a fact: made once, never edited",
    "redemptions.RedemptionRollback": "a fact: made once, never edited",
    "redemptions.ReturnShare": "part of a return",
    "redemptions.UsageCounter": "counts what redemptions use",
    "reporting.Export": "what a job writes, which ends after a month",
    "rewards.LedgerAccount": "a sum of entries",
    "rewards.LedgerAudit": "the result of a check",
    "rewards.LedgerEntry": "a fact, which the database keeps as it is",
    "rewards.Lot": "what is left of an entry",
    "rewards.LotUse": "a fact, which the database keeps as it is",
}


def walked():
    return [
        model
        for model in apps.get_models()
        if not hasattr(model, "instance_type")
        and (
            model._meta.app_label in source.LABELS
            or model is Group
            or admin.site.is_registered(model)
        )
    ]


def has_history(model):
    return hasattr(model._meta, "simple_history_manager_attribute")


@pytest.mark.requirement(185)
@pytest.mark.parametrize("model", walked(), ids=lambda model: model._meta.label)
def test_has_a_history_or_a_reason_to_have_none(model):
    assert has_history(model) is (model._meta.label not in WITHOUT)


def test_reasons_are_given_for_models_that_exist():
    assert set(WITHOUT) <= {model._meta.label for model in walked()}


@pytest.mark.requirement(185)
def test_what_has_no_history_is_changed_by_nobody(rf):
    request = rf.get("/")
    request.user = User(is_superuser=True, is_staff=True)
    pages = [admin.site.get_model_admin(model) for model in walked() if is_shown_bare(model)]

    changing = [page.opts.label for page in pages if page.has_change_permission(request)]

    assert len(pages) > 5
    assert changing == []


def is_shown_bare(model):
    return admin.site.is_registered(model) and not has_history(model)
