"""Template tags of the skin."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from loyalty_project.core.admin import display

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    return display.icon(name, size)


@register.filter
def labelled(bound: Any) -> SafeString:
    """A form field where only its column has a heading."""
    made: SafeString = bound.as_widget(attrs={"aria-label": str(bound.label)})
    return made


@register.filter
def when(at: Any) -> SafeString:
    return display.when_of(at)


@register.filter
def integer(value: int) -> SafeString:
    return display.integer(value)


@register.filter
def code(value: str) -> SafeString:
    return display.code_of(value)


@register.filter
def ltr(value: str) -> SafeString:
    return display.ltr(value)
