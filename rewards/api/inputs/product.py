from loyalty_project.core.api import inputs
from loyalty_project.core.api.many import MetadataOfManyInput

STOCK = "Units that are left to give away; null where they are not counted."


class ProductUpdateInput(inputs.Input):
    """What an update may change; null clears."""

    name = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=255)
    price = inputs.Money(required=False, allow_null=True, help_text="Minor units.")
    cost = inputs.Money(
        required=False, allow_null=True, help_text="What one unit costs you, in minor units."
    )
    stock = inputs.Whole(required=False, allow_null=True, help_text=STOCK)
    attributes = inputs.ListOf(child=inputs.Text(), required=False, max_length=100)
    image_url = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=1000)
    metadata = inputs.Metadata(required=False)


class ProductInput(ProductUpdateInput):
    """A product; `id` or `source_id` of a known one changes it."""

    id = inputs.Text(required=False, max_length=48)
    source_id = inputs.Text(required=False, max_length=255)


class ProductRowInput(ProductUpdateInput):
    """One of many products."""

    source_id = inputs.Text(max_length=255)


class ProductMetadataInput(MetadataOfManyInput):
    """The same metadata for many products, by their source ids."""


class SkuUpdateInput(inputs.Input):
    """What an update may change; null clears."""

    sku = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=255)
    price = inputs.Money(required=False, allow_null=True, help_text="Minor units.")
    cost = inputs.Money(
        required=False, allow_null=True, help_text="What one unit costs you, in minor units."
    )
    stock = inputs.Whole(required=False, allow_null=True, help_text=STOCK)
    currency = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=3)
    attributes = inputs.Object(required=False)
    image_url = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=1000)
    metadata = inputs.Metadata(required=False)


class SkuInput(SkuUpdateInput):
    """A SKU; `id` or `source_id` of a known one changes it."""

    id = inputs.Text(required=False, max_length=48)
    source_id = inputs.Text(required=False, max_length=255)
