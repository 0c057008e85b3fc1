from loyalty_project.core.api import inputs


class AddressInput(inputs.Input):
    city = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=120)
    state = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=120)
    line_1 = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=255)
    line_2 = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=255)
    country = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=120)
    postal_code = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=32)


class CustomerUpdateInput(inputs.Input):
    """What an update may change; null clears."""

    source_id = inputs.Text(required=False, max_length=255)
    name = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=255)
    description = inputs.Text(required=False, allow_blank=True, allow_null=True)
    email = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=255)
    phone = inputs.Text(required=False, allow_blank=True, allow_null=True, max_length=64)
    birthday = inputs.Day(required=False, allow_null=True, help_text="The old name of birthdate.")
    birthdate = inputs.Day(required=False, allow_null=True, help_text="YYYY-MM-DD")
    address = AddressInput(required=False, allow_null=True)
    metadata = inputs.Metadata(required=False)


class CustomerInput(CustomerUpdateInput):
    """A customer; `id` or `source_id` of a known one changes it."""

    id = inputs.Text(required=False, max_length=48)


class CustomerRowInput(CustomerUpdateInput):
    """One of many customers."""

    source_id = inputs.Text(max_length=255)
