"""Published request examples that need a feature of a later release, and which one.

An example that works must leave the table: the test fails if a listed one is accepted.
"""

DISTRIBUTIONS = "distributions"
BROKEN = "no feature: a text stands where the published schema has an object"
LOYALTY = "loyalty programs"
REWARDS = "rewards paid with points"
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
    "POST /v1/validations": {"5 Redeemables": REWARDS},
    "POST /v1/vouchers/{code}/validate": {
        "Loyalty Card": LOYALTY,
    },
}

REQUESTS = {
    (operation, name): feature
    for operation, examples in _BY_OPERATION.items()
    for name, feature in examples.items()
}
