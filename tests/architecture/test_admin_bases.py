"""Every page of the admin closes the holes that its bases close."""

import pytest
from django.contrib import admin

from loyalty_project.core.admin.base import ProjectAdmin, ReadOnlyAdmin

PAGES = sorted(admin.site._registry.items(), key=lambda entry: entry[0]._meta.label)


def stands_on_a_base(page):
    return isinstance(page, ProjectAdmin | ReadOnlyAdmin)


@pytest.mark.parametrize(("model", "page"), PAGES, ids=[model._meta.label for model, _ in PAGES])
def test_stands_on_one_of_the_two_bases(model, page):
    assert stands_on_a_base(page), model


def test_sees_a_page_without_a_base():
    assert not stands_on_a_base(object())
