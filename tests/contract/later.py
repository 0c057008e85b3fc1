"""Published request examples that need a feature of a later release, and which one.

An example that works must leave the table: the test fails if a listed one is accepted.
"""

DISTRIBUTIONS = "distributions"
BROKEN = "no feature: a text stands where the published schema has an object"
HOLDS = "sessions that hold codes"
LOYALTY = "loyalty programs"
REFERRALS = "referral programs"
SEGMENTS = "segments with a filter"

_BY_OPERATION = {
    "POST /v1/segments": {
        "Dynamic - customers created after a specific date": SEGMENTS,
        "Dynamic - customers with birthday next month": SEGMENTS,
    },
    "POST /v1/vouchers": {
        "Loyalty Card": LOYALTY,
    },
    "POST /v1/vouchers/{code}": {
        "Loyalty Card": LOYALTY,
    },
    "PUT /v1/vouchers/{code}": {
        "Loyalty Card": LOYALTY,
    },
    "POST /v1/vouchers/qualification": {
        "Qualify product using product_id": BROKEN,
        "Qualify product using source_id": BROKEN,
        "Qualify SKU using sku_id": BROKEN,
        "Qualify SKU using source_id": BROKEN,
        "Qualify redemption metadata": BROKEN,
        "Qualify order line item metadata": BROKEN,
    },
    "POST /v1/campaigns": {
        "Loyalty Program": LOYALTY,
        "Referral Program": REFERRALS,
    },
    "POST /v1/campaigns/{campaignId}/import": {
        "Loyalty Cards": LOYALTY,
    },
    "POST /v1/validation-rules/{validationRuleId}/assignments": {"Distribution": DISTRIBUTIONS},
    "POST /v1/validations": {"1 Redeemable": HOLDS, "5 Redeemables": HOLDS},
    "POST /v1/vouchers/{code}/validate": {
        "Unit - Add order items": HOLDS,
        "Fixed": HOLDS,
        "Percentage": HOLDS,
        "Amount": HOLDS,
        "Loyalty Card": LOYALTY,
    },
    "POST /v1/redemptions": {"General example": HOLDS},
}

REQUESTS = {
    (operation, name): feature
    for operation, examples in _BY_OPERATION.items()
    for name, feature in examples.items()
}
