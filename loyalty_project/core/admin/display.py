"""Columns and values: money, dates, badges, codes and links, the same on every page.

`money_of`, `when_of`, … turn a value into safe HTML; `money`, `when`, … make a column (for
`list_display` and `readonly_fields`) that reads the value at `path`, which may be dotted.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from loyalty_project.core import currencies
from loyalty_project.core import money as amounts
from loyalty_project.core.admin import currency, moments

Text = str | Promise
Column = Callable[[Any], Any]
Tones = Mapping[Any, tuple[str, str]]
EMPTY = mark_safe('<span class="empty">–</span>')


def icon(name: str, size: int = 16) -> SafeString:
    """An icon of the sprite, silent for screen readers: a word stands beside it."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false">'
        '<use href="{1}#{2}"></use></svg>',
        str(size),
        static("wafa/icons.svg"),
        name,
    )


def money_of(minor: int | None, code: str | None = None) -> SafeString:
    if minor is None:
        return EMPTY
    look = currencies.look_of(code) if code else currency.current()
    return format_html('<bdi dir="ltr" class="num">{}</bdi>', look.text(minor))


def integer(value: int | None) -> SafeString:
    if value is None:
        return EMPTY
    text = number_format(value, 0, force_grouping=True)
    return format_html('<bdi dir="ltr" class="num">{}</bdi>', text)


def percent_of(millionths: int | None) -> SafeString:
    if millionths is None:
        return EMPTY
    text = number_format(amounts.to_percent(millionths), use_l10n=True)
    return format_html('<bdi dir="ltr" class="num">{} %</bdi>', text)


def when_of(at: datetime | None) -> SafeString:
    """Relative near now, a date further off; the exact moment on hover and to screen readers."""
    if at is None:
        return EMPTY
    return format_html(
        '<time datetime="{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></time>',
        at.isoformat(),
        moments.exact(at),
        moments.near(at),
        moments.exact(at),
    )


def badge_of(value: Any, tones: Tones, text: Text | None = None) -> SafeString:
    """Icon and word, so that state is never colour alone; an unknown value is quiet."""
    tone, name = tones.get(value, ("quiet", "circle"))
    return format_html(
        '<span class="badge badge-{}">{}{}</span>', tone, icon(name, 14), text or str(value)
    )


def active_of(value: bool) -> SafeString:
    if value:
        return badge_of(True, {True: ("good", "circle-check")}, _("On"))
    return badge_of(False, {False: ("quiet", "circle-pause")}, _("Off"))


def code_of(text: str | None) -> SafeString:
    """Monospace, left to right; static/wafa/copy.js puts a copy button beside it."""
    if not text:
        return EMPTY
    return format_html('<bdi dir="ltr" class="code" data-copy>{}</bdi>', text)


def ltr(text: str | None, look: str = "") -> SafeString:
    """Addresses, phones and numbers, which would be reordered between right-to-left words.

    `look` is for tables: "num" ends where numbers end, "whole" stays on one line, "long" keeps room
    for some words a line.
    """
    if not text:
        return EMPTY
    if not look:
        return format_html('<bdi dir="ltr">{}</bdi>', text)
    return format_html('<bdi dir="ltr" class="{}">{}</bdi>', look, text)


def words(text: Text) -> SafeString:
    """A sentence of ours beside others; its numbers are written as the language writes them."""
    return format_html('<bdi class="words">{}</bdi>', text)


def url_of(obj: Any) -> str:
    """The admin page of `obj`, empty where it has none."""
    meta = obj._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[obj.pk])
    except NoReverseMatch:
        return ""


def link_to(obj: Any, text: Text | None = None) -> SafeString:
    if obj is None:
        return EMPTY
    url = url_of(obj)
    shown = text or format_html("<bdi>{}</bdi>", obj)
    return format_html('<a href="{}">{}</a>' if url else "{1}", url, shown)


def code_link(obj: Any, code: str) -> SafeString:
    """A link by an id or a code, which keeps its digits and its direction in every language."""
    return link_to(obj, format_html('<bdi dir="ltr" class="code">{}</bdi>', code))


def table(headers: Sequence[Text], rows: Iterable[Sequence[Any]]) -> SafeString:
    """A small table inside a page; cells are escaped unless safe."""
    head = format_html_join("", '<th scope="col">{}</th>', ((header,) for header in headers))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows),
    )
    return format_html(
        '<div class="scroll"><table class="data"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        head,
        body,
    )


def meter(percent: int) -> SafeString:
    """How much of the most, as a bar; what it measures stands beside it."""
    return format_html('<meter max="100" value="{}" aria-hidden="true"></meter>', percent)


def metadata_of(values: Any) -> SafeString:
    """A mapping as rows, other JSON as it is."""
    if not values:
        return EMPTY
    if not isinstance(values, Mapping):
        return json_of(values)
    rows = format_html_join(
        "",
        '<tr><th scope="row"><bdi>{}</bdi></th><td><bdi>{}</bdi></td></tr>',
        ((key, value if isinstance(value, str) else _dump(value)) for key, value in values.items()),
    )
    return format_html('<div class="scroll"><table class="data keyed">{}</table></div>', rows)


def json_of(value: Any) -> SafeString:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    return format_html('<pre dir="ltr" class="json" tabindex="0">{}</pre>', text)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _at(obj: Any, path: str) -> Any:
    for name in path.split("."):
        if obj is None:
            return None
        obj = getattr(obj, name)
    return obj


def _column(
    path: str, label: Text | None, render: Callable[[Any], Any], prefix: str = ""
) -> Column:
    """`num_` in the name aligns header and cells to the end (static/wafa/tables.css)."""

    def column(obj: Any) -> Any:
        return render(_at(obj, path))

    column.__name__ = prefix + path.replace(".", "_")
    vars(column).update(
        short_description=label or capfirst(path.rsplit(".", maxsplit=1)[-1].replace("_", " ")),
        admin_order_field=path.replace(".", "__"),
        path=path,
        labelled=label is not None,
    )
    return column


def money(path: str, label: Text | None = None) -> Column:
    return _column(path, label, money_of, "num_")


def percent(path: str, label: Text | None = None) -> Column:
    return _column(path, label, percent_of, "num_")


def integer_column(path: str, label: Text | None = None) -> Column:
    return _column(path, label, integer, "num_")


def when(path: str, label: Text | None = None) -> Column:
    return _column(path, label, when_of)


def badge(path: str, tones: Tones, label: Text | None = None) -> Column:
    """The word is the label of the choice where the field has choices."""

    def column(obj: Any) -> SafeString:
        owner = _at(obj, path.rpartition(".")[0]) if "." in path else obj
        name = path.rpartition(".")[2]
        words = getattr(owner, f"get_{name}_display", None)
        return badge_of(_at(obj, path), tones, words() if words else None)

    made = _column(path, label, str)
    column.__name__ = made.__name__
    vars(column).update(vars(made))
    return column


def active(path: str = "active", label: Text | None = None) -> Column:
    return _column(path, label, active_of)


def code(path: str, label: Text | None = None) -> Column:
    return _column(path, label, code_of)


def text_ltr(path: str, label: Text | None = None) -> Column:
    return _column(path, label, ltr)


def link(path: str, label: Text | None = None) -> Column:
    return _column(path, label, link_to)


def metadata(path: str = "metadata", label: Text | None = None) -> Column:
    return _column(path, label, metadata_of)


def json_column(path: str, label: Text | None = None) -> Column:
    return _column(path, label, json_of)
