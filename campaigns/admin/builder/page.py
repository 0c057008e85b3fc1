"""What the scripts of the builder are given: the vocabulary, choices, and the words they say."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from campaigns.admin import windows as days
from campaigns.admin.builder import choices, products, vocabulary, windows
from campaigns.admin.builder.facts import Editor, Text
from loyalty_project.core.admin import currency, moments

KINDS = {
    Editor.TEXT: lambda: _("Text"),
    Editor.NUMBER: lambda: _("Number"),
    Editor.SWITCH: lambda: _("Yes or no"),
    Editor.DAY: lambda: _("Day"),
    Editor.MOMENT: lambda: _("Day and time"),
}


def config(*, drafts: Mapping[str, Any], urls: Mapping[str, str]) -> dict[str, Any]:
    """JSON for `builder-config`; `drafts` are those whose ids want names."""
    return {
        "vocabulary": vocabulary.describe(),
        "joins": _joins(),
        "kinds": [{"value": kind.value, "label": label()} for kind, label in KINDS.items()],
        "spans": _pairs(windows.SPANS),
        "units": _pairs(windows.UNITS),
        "picks": _pairs(products.PICKS),
        "targets": _pairs(products.TARGETS),
        "weekdays": [{"value": value, "label": str(label)} for value, label in days.week()],
        "currency": currency.current().code,
        "jalali": moments.is_jalali(),
        "names": choices.names(choices.references_in(dict(drafts))),
        "urls": dict(urls),
        "words": {**_words_of_rows(), **_words_of_typing(), **_words_of_lines()},
    }


def _pairs(labels: Mapping[str, Text]) -> list[dict[str, str]]:
    return [{"value": value, "label": str(label)} for value, label in labels.items()]


def _joins() -> list[dict[str, str]]:
    return [
        {"value": "and", "label": _("All of these hold")},
        {"value": "or", "label": _("At least one of these holds")},
        {"value": "not-and", "label": _("Not all of these hold")},
        {"value": "not-or", "label": _("None of these holds")},
    ]


def _words_of_rows() -> dict[str, Any]:
    return {
        "what": _("What"),
        "chooseFact": _("Choose what to ask about …"),
        "compare": _("Comparison"),
        "value": _("Value"),
        "kind": _("Kind of value"),
        "attribute": _("Field of the profile"),
        "nameOfAttribute": _("Name of the attribute"),
        "inWhichTime": _("In which time"),
        "howMany": _("How many"),
        "unitOfTime": _("Days, weeks, months or years"),
        "onlyCampaign": _("Only of this campaign"),
        "anyCampaign": _("Any campaign"),
        "ofGoods": _("Product or collection"),
        "period": _("Counted"),
        "remove": _("Remove"),
        "removed": _("Removed"),
        "more": _("More"),
        "moveUp": _("Move up (Alt and arrow up)"),
        "moveDown": _("Move down (Alt and arrow down)"),
        "movedUp": _("Moved up"),
        "movedDown": _("Moved down"),
        "not": _("Not"),
        "opposite": _("The opposite must hold"),
        "asItIs": _("It must hold as it is"),
        "ownMessage": _("Message when it fails"),
        "message": _("Message when it fails"),
        "aboutItems": _("Condition on these items"),
        "suchItems": _("and for such an item:"),
        "andAlso": _("and with it:"),
        "intoGroup": _("Put into a group"),
        "join": _("How these conditions are joined"),
        "group": _("Group of conditions"),
        "condition": _("Condition"),
        "addCondition": _("Add condition"),
        "addGroup": _("Add group"),
        "noConditions": _("No conditions yet: everybody can use it, for any order."),
        "everybody": _("No conditions: everybody can use it, for any order."),
        "keptHelp": _("Made elsewhere, and more than a row can show. It stays as it is."),
        "unused": _("Not used"),
        "unusedHelp": _("These conditions are stored with the rule, and nothing asks for them."),
    }


def _words_of_typing() -> dict[str, Any]:
    return {
        "yes": _("Yes"),
        "no": _("No"),
        "from": _("from"),
        "until": _("until"),
        "onDays": _("On these days; none: every day"),
        "days": _("days"),
        "typeToFind": _("Type to find"),
        "typeValue": _("Type, then press Enter"),
        "nothingFound": _("Nothing matches"),
        "notReached": _("The server does not answer. Try again."),
        "added": _("Added"),
    }


def _words_of_lines() -> dict[str, Any]:
    return {
        "product": _("Product, SKU or collection"),
        "included": _("Only these get the discount"),
        "includedEmpty": _("None chosen: all items of the order get it."),
        "excluded": _("These never get the discount"),
        "excludedEmpty": _("None chosen."),
        "includedAll": _("All other items get it too; the limits are for these alone"),
        "addProduct": _("Add product"),
        "which": _("Which of them"),
        "limitsHead": _("Limits and prices"),
        "limits": {
            "quantity_limit": _("Units per line, at most"),
            "aggregated_quantity_limit": _("Units altogether, at most"),
            "amount_limit": _("Discount per line, at most"),
            "aggregated_amount_limit": _("Discount altogether, at most"),
            "price": _("Fixed unit price"),
            "skip_initially": _("Leave out the first"),
            "take": _("Then take so many …"),
            "repeat": _("… of every so many"),
        },
        "countedIn": _("Counted in"),
        "priceFormula": _("Unit price by a formula"),
        "strict": _("Only if the order holds nothing else"),
        "quantity": _("How many of it"),
        "bundleLimit": _("Bundles per order, at most"),
        "scales": _("Give the discount once for each bundle"),
    }
