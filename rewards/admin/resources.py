"""The columns of exports; the imports read the same names, with amounts in major units."""

from typing import Any

from django.db.models import Model
from import_export.fields import Field
from import_export.widgets import Widget

from loyalty_project.core.admin import csv_import, resources
from rewards.models import Product, Sku


class Joined(Widget):
    """A list of texts in one cell, separated by commas."""

    def render(self, value: Any, obj: Model | None = None, **kwargs: Any) -> str:
        del obj, kwargs
        return ",".join(value or [])


JSON = csv_import.JsonCell()


class ProductResource(resources.ProjectResource):
    id = Field(attribute="public_id", column_name="id", readonly=True)
    price = Field(attribute="price", column_name="price", widget=csv_import.MajorUnits())
    cost = Field(attribute="cost", column_name="cost", widget=csv_import.MajorUnits())
    attributes = Field(attribute="attributes", column_name="attributes", widget=Joined())
    metadata = Field(attribute="metadata", column_name="metadata", widget=JSON)

    class Meta(resources.ProjectResource.Meta):
        model = Product
        import_id_fields = ("source_id",)
        fields = (
            "id",
            "source_id",
            "name",
            "price",
            "cost",
            "stock",
            "attributes",
            "image_url",
            "metadata",
        )


class SkuResource(resources.ProjectResource):
    id = Field(attribute="public_id", column_name="id", readonly=True)
    product_id = Field(attribute="product__public_id", column_name="product_id", readonly=True)
    price = Field(attribute="price", column_name="price", widget=csv_import.MajorUnits())
    cost = Field(attribute="cost", column_name="cost", widget=csv_import.MajorUnits())
    attributes = Field(
        attribute="attributes", column_name="attributes", widget=csv_import.JsonCell()
    )
    metadata = Field(attribute="metadata", column_name="metadata", widget=JSON)

    class Meta(resources.ProjectResource.Meta):
        model = Sku
        import_id_fields = ("source_id",)
        fields = (
            "id",
            "product_id",
            "source_id",
            "sku",
            "price",
            "cost",
            "stock",
            "currency",
            "attributes",
            "image_url",
            "metadata",
        )
