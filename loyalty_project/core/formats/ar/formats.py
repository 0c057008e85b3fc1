"""Arabic with the digits 0-9, as our figures are written; Django's own file has no grouping."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
