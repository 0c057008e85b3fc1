"""Models belong to a project, and know only what lies below them."""

import ast

import pytest
from django.apps import apps
from django.core.management import call_command

from loyalty_project.core.models.base import ProjectOwned
from tests.architecture import source

# Rows of the installation, not of one project.
PLATFORM = {
    "core.Currency", "core.Heartbeat", "core.ManagementKey", "core.Membership", "core.OAuthToken",
    "core.Project", "core.RecoveryCode", "core.User",
}  # fmt: skip


def ours():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in source.LABELS and not hasattr(model, "instance_type")
    ]


def rank(label):
    """The higher in the chain, the lower the number; what is not ours lies below everything."""
    return source.LABELS.index(label) if label in source.LABELS else len(source.LABELS)


def upward(label, targets):
    return [target for target in targets if rank(target.split(".")[0]) < rank(label)]


def relations(tree):
    """The targets that foreign keys name by string, which import rules do not see."""
    return [
        target.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and source.dotted(node.func).split(".")[-1]
        in {"ForeignKey", "OneToOneField", "ManyToManyField"}
        for target in [*node.args[:1], *(word.value for word in node.keywords if word.arg == "to")]
        if isinstance(target, ast.Constant)
        and isinstance(target.value, str)
        and "." in target.value
    ]


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_belongs_to_a_project(model):
    assert issubclass(model, ProjectOwned) or model._meta.label in PLATFORM


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_points_down_the_chain(model):
    targets = [field.related_model._meta.label for field in model._meta.fields if field.is_relation]

    assert upward(model._meta.app_label, targets) == []


@pytest.mark.parametrize("path", source.modules(), ids=source.place)
def test_names_only_what_lies_below(path):
    app = path.relative_to(source.ROOT).parts[0]
    label = "core" if app == "loyalty_project" else app

    assert upward(label, relations(source.parsed(path))) == []


def test_sees_a_foreign_key_that_points_up():
    tree = ast.parse("v = models.ForeignKey('campaigns.Voucher', on_delete=models.CASCADE)")

    assert upward("customers", relations(tree)) == ["campaigns.Voucher"]
    assert upward("redemptions", relations(tree)) == []


def test_overrides_no_save():
    overriding = [model._meta.label for model in ours() if "save" in vars(model)]

    assert overriding == []


@pytest.mark.django_db
def test_the_migrations_are_those_of_the_models():
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)
