from loyalty_project.core.api import inputs
from rewards.models import CollectionType
from rewards.services.collections import MEMBERS_MAX


class CollectionMemberInput(inputs.Input):
    """A product or SKU by its id or source id."""

    id = inputs.Text(max_length=255)
    object = inputs.OneOf(["product", "sku"])


class CollectionInput(inputs.Input):
    """`products` for STATIC; `filter` for AUTO_UPDATE: `{"junction": "and", "price": {…}}`."""

    name = inputs.Text(max_length=255)
    type = inputs.OneOf(CollectionType.values)
    products = CollectionMemberInput(many=True, required=False, max_length=MEMBERS_MAX)
    filter = inputs.Anything(required=False)


class CollectionUpdateInput(inputs.Input):
    """What may change: `filter` of AUTO_UPDATE collections, `products` of STATIC ones."""

    name = inputs.Text(required=False, max_length=255)
    products = CollectionMemberInput(many=True, required=False, max_length=MEMBERS_MAX)
    filter = inputs.Anything(required=False, allow_null=True)
