"""What the pages of orders and redemptions say beside their fields."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import sentences
from campaigns.queries import names
from loyalty_project.core.admin import currency, display
from loyalty_project.core.models import ApiKey
from redemptions.models import OrderItem, Redemption, Result
from redemptions.serializers import reasons

TONES = {
    "SUCCEEDED": ("good", "circle-check"),
    "FAILED": ("bad", "circle-x"),
    "ROLLED_BACK": ("quiet", "undo-2"),
}
WORDS = {
    "SUCCEEDED": gettext_lazy("Succeeded"),
    "FAILED": gettext_lazy("Refused"),
    "ROLLED_BACK": gettext_lazy("Rolled back"),
}


@admin.display(description=gettext_lazy("Status"), ordering="result")
def status(redemption: Redemption) -> Any:
    return display.badge_of(redemption.status, TONES, WORDS[redemption.status])


@admin.display(description=gettext_lazy("Code"), ordering="code")
def code(redemption: Redemption) -> Any:
    """The code or promotion tier with a link to its page; a parent stands for several."""
    if redemption.promotion_tier is not None:
        return display.link_to(redemption.promotion_tier)
    if redemption.voucher is not None:
        return display.code_link(redemption.voucher, redemption.code or redemption.voucher.code)
    if redemption.code:
        return display.code_of(redemption.code)
    return format_html("<span>{}</span>", _("Several codes"))


@admin.display(description=gettext_lazy("By"))
def actor(redemption: Any) -> Any:
    """The key, by its name, or the person behind a redemption or rollback."""
    kind = redemption.get_channel_type_display()
    if not redemption.channel_id:
        return kind
    key = ApiKey.objects.filter(app_id=redemption.channel_id).first()
    return format_html("{} · {}", kind, key or display.ltr(redemption.channel_id))


@admin.display(description=gettext_lazy("Decided on"))
def decided(redemption: Redemption) -> Any:
    """Which use of the code it was, and what of the discount found nothing to be taken from."""
    facts = redemption.decision
    if "redeemed_before" not in facts:
        return display.EMPTY
    use = facts["redeemed_before"] + 1
    if redemption.promotion_tier is not None:
        says = _("A promotion without a code")
    elif facts.get("limit") is None:
        says = _("Use %(use)s of a code without limit") % {"use": use}
    else:
        says = _("Use %(use)s of %(limit)s") % {"use": use, "limit": facts["limit"]}
    if not facts.get("unused_amount"):
        return says
    unused = display.money_of(facts["unused_amount"])
    return format_html("{} · {} {}", says, unused, _("of the discount were left over"))


class StatusFilter(admin.SimpleListFilter):
    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        del request, model_admin
        return list(WORDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Redemption]) -> QuerySet[Any]:
        del request
        value = self.value()
        if value == "FAILED":
            return queryset.filter(result=Result.FAILURE)
        if value == "ROLLED_BACK":
            return queryset.filter(rolled_back_at__isnull=False)
        if value == "SUCCEEDED":
            return queryset.filter(result=Result.SUCCESS, rolled_back_at=None)
        return queryset


def promise(redemption: Redemption) -> Any:
    """What the code promised, in words."""
    if redemption.credits_amount is not None:
        return _("Gift card")
    if not redemption.discount or "type" not in redemption.discount:
        return display.EMPTY
    found = names.names_of(ids=sentences.ids_in_discount(redemption.discount))
    return display.words(sentences.discount(redemption.discount, currency.current().text, found))


def refusal(redemption: Redemption) -> str:
    """Why it was refused, in words for people."""
    explanation = reasons.wording_of(redemption.failure_code).explanation
    return str(explanation) or redemption.failure_message


def totals(redemption: Redemption) -> list[tuple[Any, Any]]:
    """The order before and after this step, from the record of that moment."""
    order = redemption.order_json or {}
    if "total_amount" not in order:
        return []
    taken = order.get("total_applied_discount_amount", 0)
    added = sum(item.get("applied_quantity_amount", 0) for item in order.get("items", ()))
    return [
        (_("Order before"), display.money_of(order["total_amount"] + taken - added)),
        taken_by(redemption),
        (_("Order after"), display.money_of(order["total_amount"])),
    ]


def taken_by(redemption: Redemption) -> tuple[Any, Any]:
    """What a discount took off, or a gift card paid."""
    if redemption.credits_amount is not None:
        return _("Paid by gift card"), display.money_of(redemption.credits_amount)
    return _("Discount"), display.money_of(redemption.applied_amount)


def items_table(items: Iterable[OrderItem]) -> Any:
    """The lines of an order."""
    rows = [
        (
            item_name(item),
            display.integer(item.quantity),
            display.money_of(item.price),
            display.money_of(item.amount),
            display.money_of(item.discount_amount or None),
        )
        for item in items
    ]
    headers = [_("Item"), _("Quantity"), _("Price"), _("Amount"), _("Discount")]
    return display.table(headers, rows) if rows else display.EMPTY


def item_name(item: OrderItem) -> Any:
    """The name of what a line is of, as far as it is known."""
    return (item.sku or {}).get("sku") or (item.product or {}).get("name") or name_of(item)


def name_of(item: OrderItem) -> Any:
    return display.ltr(item.source_id or item.sku_id or item.product_id)


def redemptions_table(redemptions: Iterable[Redemption]) -> Any:
    """Redemptions with links to their pages."""
    rows = [
        (
            display.code_link(redemption, redemption.public_id),
            status(redemption),
            code(redemption),
            taken_by(redemption)[1],
            display.when_of(redemption.redeemed_at),
        )
        for redemption in redemptions
    ]
    headers = [_("Redemption"), _("Status"), _("Code"), _("Discount"), _("When")]
    return display.table(headers, rows) if rows else display.EMPTY
