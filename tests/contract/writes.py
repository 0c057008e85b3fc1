"""What each route that writes is sent to do its work: a body, and what stands for its parameters.

A new route must be added here. A text is a CSV file, None is no body, `{codes}` in a text is an
unused code of the world.
"""

from typing import Any

DISCOUNT = {"type": "AMOUNT", "amount_off": 100}
CODE = {"type": "DISCOUNT_VOUCHER", "discount": DISCOUNT}
ORDER = {"order": {"amount": 1_000}}
REDEEM = {"redeemables": [{"object": "voucher", "id": "{codes}"}], **ORDER}
CAMPAIGN = {"name": "Twice", "type": "AUTO_UPDATE", "vouchers_count": 2, "voucher": CODE}
TIER = {"name": "Twice", "action": {"discount": DISCOUNT}}
SETTINGS = {"timezone": "UTC", "currency": "EUR", "case_sensitive_codes": True}
HOOK = {"target_url": "https://example.com/hook", "events": ["voucher.created"]}
META = {"type": "string", "array": False, "optional": True}

# Whose answer is a secret as a whole: not kept, and each call may make another token.
TOKENS = {"POST /v1/oauth/token", "POST /v1/oauth/introspect", "POST /v1/oauth/token/revoke"}
# Refused with a reason, which is an answer too.
REFUSED = {
    "DELETE /v1/promotions/tiers/{tier_id}/sessions/{session_key}",
    "DELETE /v1/sessions/{session_key}",
    "DELETE /v1/vouchers/{code}/sessions/{session_key}",
    "POST /v1/campaigns/{campaign_id}/transactions/export",
}

BODIES: dict[str, Any] = {
    "POST /v1/orders": {"source_id": "twice", "amount": 500},
    "POST /v1/orders/import": [{"source_id": "old", "amount": 500}],
    "POST /v1/exports": {"exported_object": "voucher"},
    "POST /v1/orders/export": {"parameters": {"fields": ["id"]}},
    "POST /v1/orders/{order_id}/returns": {"amount": 1},
    "POST /v1/orders/{order_id}/returns/preview": {"amount": 1},
    "PUT /v1/orders/{order_id}": {"status": "PAID"},
    "POST /v1/qualifications": ORDER,
    "POST /v1/vouchers/qualification": ORDER,
    "POST /v1/campaigns/qualification": ORDER,
    "POST /v1/validations": REDEEM,
    "POST /v1/vouchers/{code}/validate": ORDER,
    "PUT /v1/promotions/tiers/{tier_id}": {"name": "Other"},
    "POST /v1/promotions/tiers/{tier_id}/enable": None,
    "POST /v1/promotions/tiers/{tier_id}/disable": None,
    "POST /v1/promotions/{campaign_id}/tiers": TIER,
    "POST /v1/promotions/validation": ORDER,
    "POST /v1/promotions/tiers/{tier_id}/validation": ORDER,
    "POST /v1/validation-rules/{rule_id}/validation": ORDER,
    "POST /v1/redemptions": REDEEM,
    "POST /v1/redemptions/{redemption_id}/rollback": None,
    "POST /v1/redemptions/{redemption_id}/rollbacks": None,
    "POST /v1/vouchers/{code}/redemption": ORDER,
    "POST /v1/promotions/tiers/{tier_id}/redemption": ORDER,
    "POST /v1/categories": {"name": "Twice", "hierarchy": 9},
    "PUT /v1/categories/{category_id}": {"name": "Other", "hierarchy": 8},
    "POST /v1/budgets": {"name": "Twice"},
    "PUT /v1/budgets/{budget_id}": {"name": "Other"},
    "POST /v1/holiday-calendars": {"name": "Twice"},
    "PUT /v1/holiday-calendars/{calendar_id}": {"name": "Other"},
    "PUT /v1/safety": {"limits": []},
    "POST /v1/campaigns": CAMPAIGN,
    "PUT /v1/campaigns/{campaign_id}": {"description": "Other"},
    "POST /v1/campaigns/{campaign_id}/enable": None,
    "POST /v1/campaigns/{campaign_id}/disable": None,
    "POST /v1/campaigns/{campaign_id}/transactions/export": {"parameters": {"fields": ["id"]}},
    "POST /v1/campaigns/{campaign_id}/import": [{"code": "IMPORTED"}],
    "POST /v1/campaigns/{campaign_id}/importCSV": "code\nBY-FILE\n",
    "POST /v1/campaigns/{campaign_id}/vouchers": {},
    "POST /v1/campaigns/{campaign_id}/vouchers/{code}": {},
    "POST /v1/vouchers": CODE,
    "POST /v1/vouchers/import": [{"code": "ALONE", **CODE}],
    "POST /v1/vouchers/importCSV": "code,voucher type,discount type,value\nA-1,DISCOUNT,AMOUNT,1\n",
    "POST /v1/vouchers/bulk/async": [{"code": "{codes}", "metadata": {}}],
    "POST /v1/vouchers/metadata/async": {"codes": ["{codes}"], "metadata": {}},
    "POST /v1/vouchers/{code}": CODE,
    "PUT /v1/vouchers/{code}": {"additional_info": "Other"},
    "POST /v1/vouchers/{code}/enable": None,
    "POST /v1/vouchers/{code}/disable": None,
    "POST /v1/vouchers/{code}/balance": {"amount": 100},
    "PUT /v1/vouchers/{code}/limits": {"limits": []},
    "POST /v1/vouchers/{code}/transactions/export": {"parameters": {"fields": ["id"]}},
    "POST /v1/validation-rules": {"name": "Twice"},
    "PUT /v1/validation-rules/{rule_id}": {"name": "Other"},
    "POST /v1/validation-rules/{rule_id}/assignments": {"voucher": "{codes}"},
    "POST /v1/promotions/{campaign_id}/stacks": {"name": "Twice", "tiers": {"ids": ["{tier}"]}},
    "PUT /v1/promotions/{campaign_id}/stacks/{stack_id}": {"name": "Other"},
    "POST /v1/publications": {"voucher": "{codes}", "customer": "anna"},
    "GET /v1/publications/create": None,
    "POST /v1/products": {"source_id": "twice"},
    "POST /v1/products/importCSV": "name,source_id\nTea,by-file\n",
    "POST /v1/products/bulk/async": [{"source_id": "beans", "name": "Other"}],
    "POST /v1/products/metadata/async": {"source_ids": ["beans"], "metadata": {}},
    "PUT /v1/products/{product_id}": {"name": "Other"},
    "POST /v1/products/{product_id}/skus": {"source_id": "twice"},
    "PUT /v1/products/{product_id}/skus/{sku_id}": {"sku": "Other"},
    "POST /v1/skus/importCSV": "product_id,sku,source_id\n{product},Other,by-file\n",
    "POST /v1/product-collections": {"type": "STATIC", "name": "Twice"},
    "PUT /v1/product-collections/{collection_id}": {"name": "Other"},
    "POST /v1/customers": {"source_id": "twice"},
    "POST /v1/customers/importCSV": "name,source_id\nBo,bo\n",
    "POST /v1/customers/bulk/async": [{"source_id": "anna", "city": "Rome"}],
    "POST /v1/customers/metadata/async": {"source_ids": ["anna"], "metadata": {}},
    "PUT /v1/customers/{customer_id}": {"city": "Rome"},
    "POST /v1/customers/{customer_id}/permanent-deletion": None,
    "POST /v1/segments": {"type": "static", "name": "Twice", "customers": ["anna"]},
    "POST /client/v1/qualifications": ORDER,
    "POST /client/v1/validations": REDEEM,
    "POST /client/v1/redemptions": REDEEM,
    "POST /client/v1/redeem": ORDER,
    "POST /management/v1/projects": {"name": "Twice", **SETTINGS},
    "PUT /management/v1/projects/{project_id}": {"description": "Other"},
    "POST /management/v1/projects/{project_id}/metadata-schemas": {
        "related_object": "product", "properties": {"color": META},
    },
    "PUT /management/v1/projects/{project_id}/metadata-schemas/{schema_id}": {
        "properties": {"size": META},
    },
    "POST /management/v1/projects/{project_id}/webhooks": HOOK,
    "PUT /management/v1/projects/{project_id}/webhooks/{webhook_id}": HOOK,
    "POST /management/v1/projects/{project_id}/stacking-rules": {},
    "PUT /management/v1/projects/{project_id}/stacking-rules/{rules_id}": {"redeemables_limit": 9},
}  # fmt: skip
