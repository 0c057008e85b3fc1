"""What a condition may ask about orders, their items, and how often something was used."""

from django.utils.translation import gettext_lazy as _

from campaigns.admin.builder.facts import Editor, Fact, Group, Property, Text

_OWN = _("An attribute of your own, as your shop sends it.")
_WHICH = _("Choose products, SKUs or collections; conditions on the same items stand below it.")
_OLDER = _("An older name, which rules made elsewhere use.")
_COUNTED = _("This use is counted too: “is at most 1” allows exactly one.")


def _item(
    label: Text, editor: Editor, help_text: Text = _OLDER, *, older: bool = False, schema: str = ""
) -> Fact:
    return Fact(
        label,
        help_text,
        Group.ITEM,
        editor,
        property=Property.METADATA if schema else None,
        schema=schema,
        lines=True,
        older=older,
    )


def _used(label: Text, editor: Editor = Editor.NUMBER, help_text: Text = _COUNTED) -> Fact:
    return Fact(label, help_text, Group.USE, editor, periods=True)


def _flag(label: Text) -> Fact:
    return Fact(label, _OLDER, Group.ITEM, Editor.SWITCH, lines=True, older=True)


ORDER: dict[str, Fact] = {
    "order.amount": Fact(
        _("Order amount"),
        _("Before this discount, and after those that were applied before it."),
        Group.ORDER,
        Editor.MONEY,
    ),
    "order.initial_amount": Fact(
        _("Order amount before all discounts"),
        _("Stays the same when several codes are used."),
        Group.ORDER,
        Editor.MONEY,
    ),
    "order.total_amount": Fact(
        _("Order amount after this discount"),
        _("What is left to pay."),
        Group.ORDER,
        Editor.MONEY,
    ),
    "order.items.count": Fact(
        _("Number of different items"), _("Lines of the cart."), Group.ORDER, Editor.NUMBER
    ),
    "wafa.order.units": Fact(
        _("Number of units"), _("Of all items together."), Group.ORDER, Editor.NUMBER
    ),
    "wafa.order.margin": Fact(
        _("Margin of the order"),
        _("What is paid less what the items cost you; only where all costs are known."),
        Group.ORDER,
        Editor.MONEY,
    ),
    "order.metadata": Fact(
        _("Own attribute of the order"),
        _OWN,
        Group.ORDER,
        property=Property.METADATA,
        schema="order",
    ),
}

ITEMS: dict[str, Fact] = {
    "order.items.any": Fact(_("At least one item"), _WHICH, Group.ITEMS, Editor.PRODUCTS),
    "order.items.every": Fact(_("Every item"), _WHICH, Group.ITEMS, Editor.PRODUCTS),
    "order.items.none": Fact(_("No item"), _WHICH, Group.ITEMS, Editor.PRODUCTS),
    "order.items.cheapest": Fact(_("The cheapest item"), _WHICH, Group.ITEMS, Editor.PRODUCTS),
    "order.items.most_expensive": Fact(
        _("The most expensive item"), _WHICH, Group.ITEMS, Editor.PRODUCTS
    ),
    "order.items.price_any": Fact(
        _("Unit price of at least one item"), _("Of any product."), Group.ITEMS, Editor.MONEY
    ),
    "order.items.price_each": Fact(
        _("Unit price of every item"), _("Of all products."), Group.ITEMS, Editor.MONEY
    ),
    "order.items.metadata_any": Fact(
        _("Own attribute of at least one item"),
        _OWN,
        Group.ITEMS,
        property=Property.METADATA,
        schema="order_item",
    ),
    "order.items.metadata_each": Fact(
        _("Own attribute of every item"),
        _OWN,
        Group.ITEMS,
        property=Property.METADATA,
        schema="order_item",
    ),
    "product.id": Fact(_("A product"), _OLDER, Group.ITEMS, Editor.PRODUCTS, older=True),
    "sku.id": Fact(_("A SKU"), _OLDER, Group.ITEMS, Editor.PRODUCTS, older=True),
}

LINES: dict[str, Fact] = {
    "order.items.quantity": _item(
        _("Units of the item"), Editor.NUMBER, _("How many of it are in the cart.")
    ),
    "order.items.aggregated_quantity": _item(
        _("Units of these items together"),
        Editor.NUMBER,
        _("“Is at least 10” unlocks from ten on."),
    ),
    "order.items.price": _item(_("Unit price"), Editor.MONEY, _("Of one unit of the item.")),
    "order.items.aggregated_amount": _item(
        _("Amount of these items together"), Editor.MONEY, _("What they cost before this discount.")
    ),
    "order.items.metadata": _item(
        _("Own attribute of the item"), Editor.TEXT, _OWN, schema="order_item"
    ),
    "product.metadata": _item(
        _("Own attribute of the product"), Editor.TEXT, _OWN, schema="product"
    ),
    "sku.metadata": _item(_("Own attribute of the SKU"), Editor.TEXT, _OWN, schema="product"),
    "product.price": _item(_("Price of the product"), Editor.MONEY, older=True),
    "product.quantity": _item(_("Units of the product"), Editor.NUMBER, older=True),
    "product.metadata.aggregated_quantity": _item(
        _("Units of products with the attribute"), Editor.NUMBER, older=True
    ),
    "product.metadata.aggregated_amount": _item(
        _("Amount of products with the attribute"), Editor.MONEY, older=True
    ),
    "sku.price": _item(_("Price of the SKU"), Editor.MONEY, older=True),
    "sku.quantity": _item(_("Units of the SKU"), Editor.NUMBER, older=True),
    "product.discount_applicable": _flag(_("These products get the discount")),
    "sku.discount_applicable": _flag(_("These SKUs get the discount")),
    "product.metadata.discount_applicable": _flag(
        _("Products with the attribute get the discount")
    ),
    "product.metadata.match_all": _flag(_("All products must match")),
}

USE: dict[str, Fact] = {
    "redemption.count.per_customer": _used(_("Uses of the code by the customer")),
    "wafa.campaign.redemptions.count.per_customer": _used(
        _("Uses of the campaign by the customer")
    ),
    "campaign.redemptions.count": _used(_("Uses of the campaign")),
    "campaign.redemptions.customers_count": _used(_("Customers who used the campaign")),
    "campaign.orders.amount_discounted": _used(
        _("Discounts given by the campaign"), Editor.MONEY, _("With the discount of this use.")
    ),
    "campaign.orders.amount": _used(
        _("Orders with the campaign"), Editor.MONEY, _("Their amounts, with that of this order.")
    ),
    "redemption.count": _used(_("Uses of the code")),
    "redemption.count.per_api_key": Fact(
        _("Uses of the code by the API key"), _COUNTED, Group.USE, Editor.NUMBER
    ),
    "redemption.count.per_user": Fact(
        _("Uses of the code by the user"), _COUNTED, Group.USE, Editor.NUMBER
    ),
}

PERIODS: dict[str, Text] = {
    "": _("ever"),
    ".daily": _("per day"),
    ".weekly": _("per week"),
    ".monthly": _("per month"),
    ".yearly": _("per year"),
}
