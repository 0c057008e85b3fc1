"""How people call the operators, which are offered for what, and how their values are typed."""

from django.utils.translation import gettext_lazy as _

from campaigns.admin.builder.facts import Editor, Text
from loyalty_project.core.predicates import operators as engine

# The words between a fact and its value. Comparisons are words: signs would swap right to left.
LABELS: dict[str, Text] = {
    "$is": _("is one of"),
    "$is_not": _("is none of"),
    "$in": _("is one of"),
    "$not_in": _("is none of"),
    "$from": _("comes from"),
    "$not_intersect": _("has nothing of"),
    "$not_differ": _("has just these"),
    "$less_than": _("is less than"),
    "$less_than_or_equal": _("is at most"),
    "$more_than": _("is more than"),
    "$more_than_or_equal": _("is at least"),
    "$greater_than": _("is more than"),
    "$greater_than_or_equal": _("is at least"),
    "$starts_with": _("begins with"),
    "$ends_with": _("ends with"),
    "$contains": _("contains"),
    "$count": _("has so many entries"),
    "$count_more": _("has more entries than"),
    "$count_less": _("has fewer entries than"),
    "$after": _("is after"),
    "$before": _("is before"),
    "$more_than_ago": _("was longer ago than"),
    "$less_than_ago": _("was within the last"),
    "$is_days_ago": _("was exactly so long ago"),
    "$more_than_future": _("is further off than"),
    "$less_than_future": _("is within the next"),
    "$is_days_in_future": _("is exactly so far off"),
    "$timeframe": _("recurs from"),
    "$timeframe_absolute": _("is between"),
    "$timeframe_daily_hours": _("is in the hours"),
    "$dow": _("is a"),
    "$has_value": _("is known"),
    "$is_unknown": _("is unknown"),
}
ANY = ""
_EXACT: dict[str, Text] = {"$is": _("is exactly"), "$is_not": _("is not")}
_OF_KIND: dict[Editor, dict[str, Text]] = {
    **dict.fromkeys((Editor.NUMBER, Editor.MONEY, Editor.PERCENT), _EXACT),
    Editor.SWITCH: {"$is": _("is")},
    Editor.DAY: {"$is": _("is on"), "$is_not": _("is not on")},
    Editor.PRODUCTS: {ANY: _("whatever it is")},
}

_KNOWN = ("$has_value", "$is_unknown")
_ORDERED = ("$more_than_or_equal", "$less_than_or_equal", "$more_than", "$less_than")
_TEXTUAL = ("$starts_with", "$ends_with", "$contains")
_AWAY = (
    "$less_than_ago",
    "$more_than_ago",
    "$is_days_ago",
    "$less_than_future",
    "$more_than_future",
    "$is_days_in_future",
)
_NUMERIC = (*_ORDERED, "$is", "$is_not", *_KNOWN)
OFFERED: dict[Editor, tuple[str, ...]] = {
    Editor.TEXT: ("$is", "$is_not", *_TEXTUAL, *_KNOWN),
    Editor.NUMBER: _NUMERIC,
    Editor.MONEY: _NUMERIC,
    Editor.PERCENT: _NUMERIC,
    Editor.SWITCH: ("$is",),
    Editor.DAY: ("$is", "$after", "$before", *_AWAY, "$dow", *_KNOWN),
    Editor.MOMENT: ("$dow", "$timeframe_daily_hours", "$after", "$before", "$timeframe_absolute"),
    Editor.CHOICE: ("$is", "$is_not"),
    Editor.PRODUCTS: ("$is", "$is_not", ANY),
}
# Shown where a rule has them, with the editor of the fact or their own.
_OLDER_WITH_VALUES = {"$in", "$not_in", "$from", "$not_intersect", "$not_differ"}
_OLDER_OF_KIND: dict[Editor, set[str]] = {
    Editor.TEXT: {*_OLDER_WITH_VALUES, "$count", "$count_more", "$count_less"},
    Editor.NUMBER: {*_OLDER_WITH_VALUES, "$greater_than", "$greater_than_or_equal"},
    Editor.MONEY: {*_OLDER_WITH_VALUES, "$greater_than", "$greater_than_or_equal"},
    Editor.PERCENT: {*_OLDER_WITH_VALUES, "$greater_than", "$greater_than_or_equal"},
    Editor.SWITCH: {"$is_not", *_KNOWN},
    Editor.DAY: {"$is_not"},
    Editor.MOMENT: {*_AWAY, *_KNOWN},
    Editor.CHOICE: {*_OLDER_WITH_VALUES, *_KNOWN},
    Editor.PRODUCTS: {"$in", "$from", "$not_in"},
}
_OWN_EDITOR = {
    **dict.fromkeys(_KNOWN, Editor.NOTHING),
    **dict.fromkeys((*_AWAY, "$count", "$count_more", "$count_less"), Editor.COUNT),
    "$dow": Editor.WEEKDAYS,
    "$timeframe_daily_hours": Editor.HOURS,
    "$timeframe_absolute": Editor.SPAN,
    ANY: Editor.NOTHING,
}
_MANY = {Editor.TEXT, Editor.NUMBER, Editor.MONEY, Editor.PERCENT, Editor.CHOICE, Editor.PRODUCTS}


def label(name: str, editor: Editor) -> Text:
    """The words of an operator beside a fact that is typed with `editor`."""
    return _OF_KIND.get(editor, {}).get(name) or LABELS[name]


def offered(editor: Editor) -> tuple[str, ...]:
    return OFFERED[editor]


def can_show(name: str, editor: Editor) -> bool:
    """Whether a row can show an operator for a fact that is typed with `editor`."""
    return name in OFFERED[editor] or name in _OLDER_OF_KIND[editor]


def editor_of(name: str, editor: Editor) -> Editor:
    """How the values of an operator are typed."""
    return _OWN_EDITOR.get(name, editor)


def takes_many(name: str, editor: Editor) -> bool:
    """Whether several values may be typed."""
    most = engine.OPERATORS[name].most if name in engine.OPERATORS else 0
    return editor_of(name, editor) in _MANY and most > 1
