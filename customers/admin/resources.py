"""The columns of an export of customers; the import reads the same names."""

from import_export.fields import Field

from customers.models import Customer
from loyalty_project.core.admin import csv_import, resources


class CustomerResource(resources.ProjectResource):
    id = Field(attribute="public_id", column_name="id", readonly=True)
    birthdate = Field(attribute="birth_on", column_name="birthdate")
    metadata = Field(attribute="metadata", column_name="metadata", widget=csv_import.JsonCell())

    class Meta(resources.ProjectResource.Meta):
        model = Customer
        import_id_fields = ("source_id",)
        fields = (
            "id",
            "source_id",
            "name",
            "email",
            "phone",
            "birthdate",
            "description",
            "address_line_1",
            "address_line_2",
            "postal_code",
            "city",
            "state",
            "country",
            "metadata",
        )
