"""Persian; Django's own file has no grouping, so that numbers would not be grouped at all."""

DECIMAL_SEPARATOR = "٫"
THOUSAND_SEPARATOR = "٬"
NUMBER_GROUPING = 3
