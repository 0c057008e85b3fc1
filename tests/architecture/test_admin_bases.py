"""Every page of the admin closes the holes that its bases close."""

import pytest
from django.contrib import admin

from loyalty_project.core.admin import actions, csv_import
from loyalty_project.core.admin.base import PlatformAdmin, ProjectAdmin
from loyalty_project.core.models.base import ProjectOwned

PAGES = sorted(admin.site._registry.items(), key=lambda entry: entry[0]._meta.label)


def base_of(model):
    """What belongs to a project is shown within it; the rest to those who run the installation."""
    return ProjectAdmin if issubclass(model, ProjectOwned) else PlatformAdmin


def lacking(page):
    """What the mixins of a page declare and nobody gave."""
    kind = page if isinstance(page, type) else type(page)
    declared = {
        name
        for base in kind.__mro__
        if base.__module__.startswith("loyalty_project.core.admin")
        for name in vars(base).get("__annotations__", {})
    }
    return {name for name in declared if not hasattr(page, name)}


@pytest.mark.parametrize(("model", "page"), PAGES, ids=[model._meta.label for model, _ in PAGES])
def test_stands_on_the_base_of_its_kind(model, page):
    assert isinstance(page, base_of(model))


@pytest.mark.parametrize(("model", "page"), PAGES, ids=[model._meta.label for model, _ in PAGES])
def test_has_all_that_its_mixins_ask_for(model, page):
    assert lacking(page) == set()


def test_sees_what_a_mixin_misses():
    class Lacking(csv_import.CsvImport, actions.KillSwitch):
        import_notes = ("Columns: Name.",)

    assert lacking(Lacking) - {"admin_site", "opts"} == {"import_service", "switch"}


def test_knows_the_pages():
    assert len(PAGES) > 10


def test_sees_a_page_without_a_base():
    assert not isinstance(admin.ModelAdmin, ProjectAdmin | PlatformAdmin)
