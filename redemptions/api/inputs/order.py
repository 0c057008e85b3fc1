from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.inputs.customer import CustomerInput
from loyalty_project.core.api import inputs
from redemptions.models import OrderStatus

MAX_ITEMS = 500
MAX_QUANTITY = 1_000_000


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "description": "Id or source id."},
            {"type": "object", "additionalProperties": {}},
        ]
    }
)
class Person(serializers.Field):
    """A customer by id or source id, or as an object that is stored with the request."""

    default_error_messages = {"invalid": "must be object"}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and data.strip():
            return data.strip()
        if not isinstance(data, Mapping):
            self.fail("invalid")
        shape = CustomerInput(data=data)
        shape.is_valid(raise_exception=True)
        return dict(shape.validated_data)


class ItemProductInput(inputs.Input):
    """What the caller knows of the product; `override` stores it in the catalog."""

    id = inputs.Text(required=False, max_length=255)
    source_id = inputs.Text(required=False, max_length=255)
    override = inputs.Flag(required=False)
    name = inputs.Text(required=False, allow_blank=True, max_length=255)
    price = inputs.Money(required=False)
    metadata = inputs.Metadata(required=False)


class ItemSkuInput(inputs.Input):
    """What the caller knows of the SKU; `override` stores it in the catalog."""

    id = inputs.Text(required=False, max_length=255)
    source_id = inputs.Text(required=False, max_length=255)
    override = inputs.Flag(required=False)
    sku = inputs.Text(required=False, allow_blank=True, max_length=255)
    price = inputs.Money(required=False)
    metadata = inputs.Metadata(required=False)


class OrderItemInput(inputs.Input):
    """A line; `related_object` says what `source_id` belongs to. Amounts in minor units."""

    source_id = inputs.Text(required=False, max_length=255)
    related_object = inputs.OneOf(["product", "sku"], required=False)
    product_id = inputs.Text(required=False, max_length=255)
    sku_id = inputs.Text(required=False, max_length=255)
    quantity = inputs.Whole(required=False, min_value=1, max_value=MAX_QUANTITY)
    amount = inputs.Money(required=False)
    price = inputs.Money(required=False)
    discount_amount = inputs.Money(required=False)
    discount_quantity = inputs.Whole(required=False, min_value=0, max_value=MAX_QUANTITY)
    initial_amount = inputs.Money(required=False)
    initial_quantity = inputs.Whole(required=False, min_value=1, max_value=MAX_QUANTITY)
    product = ItemProductInput(required=False)
    sku = ItemSkuInput(required=False)
    metadata = inputs.Metadata(required=False)


class OrderInput(inputs.Input):
    """An order; without an amount it costs what its items cost. Amounts in minor units."""

    id = inputs.Text(required=False, max_length=48)
    source_id = inputs.Text(required=False, max_length=255)
    status = inputs.OneOf(OrderStatus.values, required=False)
    amount = inputs.Money(required=False)
    initial_amount = inputs.Money(required=False)
    discount_amount = inputs.Money(required=False)
    currency = inputs.Text(required=False, max_length=3, help_text="That of the project.")
    items = OrderItemInput(many=True, required=False, max_length=MAX_ITEMS)
    metadata = inputs.Metadata(required=False)
    customer = Person(required=False)
    customer_id = inputs.Text(required=False, max_length=255)
    referrer = Person(required=False)
    referrer_id = inputs.Text(required=False, max_length=255)


class ReturnedItemInput(inputs.Input):
    """Units of an item of the order, which one of the ids names."""

    id = inputs.Text(required=False, max_length=255)
    source_id = inputs.Text(required=False, max_length=255)
    product_id = inputs.Text(required=False, max_length=255)
    sku_id = inputs.Text(required=False, max_length=255)
    quantity = inputs.Whole(min_value=1, max_value=MAX_QUANTITY)


class ReturnInput(inputs.Input):
    """What comes back: units of items, an amount that no item stands for, or everything.

    The amount is in minor units and before discounts.
    """

    items = ReturnedItemInput(many=True, required=False, max_length=MAX_ITEMS)
    amount = inputs.Money(required=False)
    everything = inputs.Flag(required=False)
    reason = inputs.Text(required=False, allow_blank=True, max_length=500)


class ImportedOrderInput(OrderInput):
    """An order of the past, which keeps its date."""

    created_at = inputs.Moment(required=False)
