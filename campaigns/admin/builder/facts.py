"""What a condition may ask about: how people call it, what it means, how its value is typed."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Editor(StrEnum):
    """How a value is typed."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    SWITCH = "switch"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    PRODUCTS = "products"
    WEEKDAYS = "weekdays"
    HOURS = "hours"
    SPAN = "span"
    COUNT = "count"
    NOTHING = "nothing"


class Group(StrEnum):
    """Under which heading a fact is offered."""

    CUSTOMER = "customer"
    PAST = "past"
    ORDER = "order"
    ITEMS = "items"
    ITEM = "item"
    USE = "use"
    REQUEST = "request"
    TIME = "time"


class Property(StrEnum):
    """What stands in the `property` of a rule."""

    METADATA = "metadata"
    ATTRIBUTE = "attribute"
    WINDOW = "window"


GROUPS: dict[Group, Text] = {
    Group.CUSTOMER: _("Customer"),
    Group.PAST: _("What the customer did before"),
    Group.ORDER: _("Order"),
    Group.ITEMS: _("Items of the order"),
    Group.ITEM: _("Such an item"),
    Group.USE: _("How often it was used"),
    Group.REQUEST: _("Where and how it is used"),
    Group.TIME: _("Time"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """`choices` names what is offered while typing, `schema` the metadata schema of the keys.

    One with `periods` exists per day, week, month and year too. An `older` fact is shown where a
    rule has it and not offered. Items are asked about with a fact that has `lines`.
    """

    label: Text
    help: Text
    group: Group
    editor: Editor = Editor.TEXT
    property: Property | None = None
    choices: str = ""
    schema: str = ""
    periods: bool = False
    lines: bool = False
    older: bool = False


_KEY = _("An attribute of your own, as your shop sends it.")

FACTS: dict[str, Fact] = {
    "customer.segment": Fact(
        _("Customer segment"),
        _("A group of customers, e.g. VIP customers. Who leaves it is refused at the next use."),
        Group.CUSTOMER,
        Editor.CHOICE,
        choices="segment",
    ),
    "wafa.customer.attribute": Fact(
        _("Customer profile"),
        _("What the profile says, e.g. city is London. An empty field never matches."),
        Group.CUSTOMER,
        property=Property.ATTRIBUTE,
    ),
    "customer.metadata": Fact(
        _("Own attribute of the customer"),
        _KEY,
        Group.CUSTOMER,
        property=Property.METADATA,
        schema="customer",
    ),
    "customer.loyalty_tier": Fact(
        _("Loyalty tier"),
        _("The id of a tier that the customer has reached."),
        Group.CUSTOMER,
    ),
    "wafa.customer.days_since_birthday": Fact(
        _("Days since the birthday"),
        _("0 on the day itself: “is at most 6” is the week that begins with the birthday."),
        Group.CUSTOMER,
        Editor.NUMBER,
    ),
    "wafa.customer.days_since_anniversary": Fact(
        _("Days since the anniversary"),
        _("Of the day on which the customer signed up; 0 on the day itself."),
        Group.CUSTOMER,
        Editor.NUMBER,
    ),
    "wafa.customer.rollout": Fact(
        _("Share of the customers"),
        _("Everybody keeps a place from 0 to 99.99 %: “is less than 10” is always the same tenth."),
        Group.CUSTOMER,
        Editor.PERCENT,
    ),
    "wafa.customer.spend": Fact(
        _("Money spent"),
        _("All paid orders of the customer in a time that you choose."),
        Group.PAST,
        Editor.MONEY,
        Property.WINDOW,
    ),
    "wafa.customer.orders": Fact(
        _("Number of orders"),
        _("Paid orders in a time that you choose. “Is exactly 0” is a new customer."),
        Group.PAST,
        Editor.NUMBER,
        Property.WINDOW,
    ),
    "wafa.customer.orders_with": Fact(
        _("Number of orders with a product"),
        _("Paid orders in a time that you choose that held the product, or one of the collection."),
        Group.PAST,
        Editor.NUMBER,
        Property.WINDOW,
        choices="products",
    ),
    "wafa.customer.redemptions": Fact(
        _("Coupons used"),
        _("By the customer, in a time that you choose, of all campaigns or of one."),
        Group.PAST,
        Editor.NUMBER,
        Property.WINDOW,
    ),
    "wafa.customer.other_redemptions": Fact(
        _("Coupons of other campaigns used"),
        _("By the customer, in a time that you choose; this campaign does not count."),
        Group.PAST,
        Editor.NUMBER,
        Property.WINDOW,
    ),
    "wafa.customer.last_order_amount": Fact(
        _("Amount of the last order"),
        _("What the customer paid last time."),
        Group.PAST,
        Editor.MONEY,
    ),
    "wafa.customer.days_since_last_order": Fact(
        _("Days since the last order"),
        _("“Is more than 90” wins back who stopped buying. Who never bought does not match."),
        Group.PAST,
        Editor.NUMBER,
    ),
    "wafa.context.channel": Fact(
        _("Channel"), _("Where it is used, as your shop says it, e.g. app."), Group.REQUEST
    ),
    "wafa.context.placement": Fact(
        _("Placement"),
        _("The place in the shop, as the shop says it, e.g. category:arabica."),
        Group.REQUEST,
    ),
    "wafa.context.store": Fact(
        _("Store"), _("The store, as the till says it, e.g. berlin-mitte."), Group.REQUEST
    ),
    "wafa.context": Fact(
        _("Something else that the shop says"),
        _("A name of the request's context, e.g. region."),
        Group.REQUEST,
        property=Property.METADATA,
    ),
    "redemption.metadata": Fact(
        _("Own attribute of the redemption"),
        _KEY,
        Group.REQUEST,
        property=Property.METADATA,
        schema="redemption",
    ),
    "redemption.api_key": Fact(
        _("API key"),
        _("The key of a shop, app or till, by its id."),
        Group.REQUEST,
        Editor.CHOICE,
        choices="api_key",
    ),
    "redemption.user.login": Fact(
        _("User of the back office"),
        _("The name under which somebody of your team signed in."),
        Group.REQUEST,
    ),
    "redemption.gift.amount": Fact(
        _("Credits to use"),
        _("How much of a gift card is asked for."),
        Group.REQUEST,
        Editor.MONEY,
    ),
    "redemption.reward.pay_with_points.points_used": Fact(
        _("Points to use"), _("How many points are paid with."), Group.REQUEST, Editor.NUMBER
    ),
    "publication.redeemable_by_linked_customer": Fact(
        _("Used by whom it was given to"),
        _("Yes: only the customer who was given the code can use it."),
        Group.REQUEST,
        Editor.SWITCH,
    ),
    "custom_event.metadata": Fact(
        _("Own attribute of the event"), _KEY, Group.REQUEST, property=Property.METADATA
    ),
    "wafa.time": Fact(
        _("Day and time"),
        _("When it is used, on the project's clock: days of the week, hours, or from a date on."),
        Group.TIME,
        Editor.MOMENT,
    ),
}

ATTRIBUTES: dict[str, Text] = {
    "city": _("City"),
    "country": _("Country"),
    "postal_code": _("Postal code"),
    "state": _("State or region"),
    "birthday": _("Birthday"),
    "birthdate": _("Birthday"),
    "created_at": _("Signed up"),
    "name": _("Name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "description": _("Description"),
    "source_id": _("Id in your shop"),
    "line_1": _("Address, line 1"),
    "line_2": _("Address, line 2"),
}
OLDER_ATTRIBUTES = frozenset({"birthdate"})
