"""Every registered admin with its addresses and a factory of its model, for the tests that walk."""

import importlib
import pkgutil
import re

from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from factory.django import DjangoModelFactory

from loyalty_project.core import tenancy
from loyalty_project.core.models import Project, ProjectOwned
from tests import factories

PAGES = sorted(admin.site._registry.items(), key=lambda entry: entry[0]._meta.label)
MODELS = [model for model, _page in PAGES]
TENANT_MODELS = [model for model in MODELS if issubclass(model, ProjectOwned)]

INLINE = [
    re.compile(r"<style\b", re.IGNORECASE),
    re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE),
    re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    re.compile(r"(href|src)\s*=\s*[\"']?(https?:)?//(?!testserver)", re.IGNORECASE),
]


def label(model):
    return model._meta.label


def factory_of(model):
    """The factory of a model in tests/factories; a model without one fails the test that asks."""
    for module in pkgutil.iter_modules(factories.__path__, "tests.factories."):
        for candidate in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(candidate, type)
                and issubclass(candidate, DjangoModelFactory)
                and candidate._meta.model is model
            ):
                return candidate
    raise AssertionError(f"tests/factories has no factory of {label(model)}")


def make(model, project):
    """A new row of `project`, or the project itself."""
    if model is Project:
        return project
    with tenancy.scope(project):
        options = {"project": project} if has_project(model) else {}
        return factory_of(model)(**options)


def has_project(model):
    return any(field.name == "project" for field in model._meta.fields)


def url(model, name, *arguments):
    """The address of a page, None where the admin does not have it."""
    meta = model._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=arguments)
    except NoReverseMatch:
        return None


def history_of(model, row):
    """The newest history row of `row`, None where the model has none."""
    manager = getattr(model._meta, "simple_history_manager_attribute", None)
    if manager is None:
        return None
    history = getattr(model, manager).model
    return history._base_manager.filter(**{model._meta.pk.attname: row.pk}).first()


def addresses(model, row):
    """`{name: address}` of all pages of a row and its list."""
    found = {
        "list": url(model, "changelist"),
        "add": url(model, "add"),
        "export": url(model, "export"),
        "import": url(model, "import"),
        **{name: url(model, name, row.pk) for name in ("change", "delete", "history")},
        "permissions": url(model, "permissions", row.pk),
    }
    version = history_of(model, row)
    if version is not None:
        found["version"] = url(model, "simple_history", row.pk, version.pk)
    for name in admin.site.get_model_admin(model).get_button_names(row):
        found[f"button {name}"] = url(model, "do", row.pk, name)
    return {name: address for name, address in found.items() if address}


def inline_code(body):
    """What a page would run or wear without a file of its own, or from elsewhere."""
    without_data = re.sub(r'<script id="[^"]*" type="application/json">', "", body)
    return [found.group(0)[:80] for part in INLINE if (found := part.search(without_data))]
