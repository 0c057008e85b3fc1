"""Objects of ours in the place of those that the published examples speak of."""

import copy
from dataclasses import dataclass, field
from typing import Any

from loyalty_project.core import tenancy
from loyalty_project.core.services import metadata_schemas

PREFIXES = (
    "cust_", "prod_", "sku_", "ord_", "camp_", "cat_", "pc_", "seg_", "val_", "promo_", "v_",
)  # fmt: skip


@dataclass
class World:
    """Made over the API. `codes` are unused single codes of one campaign, `tiers` a promotion's."""

    api: Any
    ids: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    tiers: list[str] = field(default_factory=list)
    promotion: str = ""
    stack: str = ""
    campaign_name: str = "World of examples"
    redemption: str = ""
    parent: str = ""
    action: str = ""

    @classmethod
    def build(cls, api: Any, work: Any, project: Any) -> "World":
        world = cls(api)
        post = world._post
        world.ids["cust_"] = post("/v1/customers", {"source_id": "anna", "name": "Anna"})["id"]
        product = post("/v1/products", {"source_id": "beans", "name": "Beans", "price": 1500})
        world.ids["prod_"] = product["id"]
        sku = {"source_id": "beans-250", "sku": "250 g", "price": 1500}
        world.ids["sku_"] = post(f"/v1/products/{product['id']}/skus", sku)["id"]
        cheap = {"junction": "and", "price": {"conditions": {"$less_than": [5000]}}}
        collection = {"type": "AUTO_UPDATE", "name": "Cheap", "filter": cheap}
        world.ids["pc_"] = post("/v1/product-collections", collection)["id"]
        segment = {"type": "static", "name": "Regulars", "customers": ["anna"]}
        world.ids["seg_"] = post("/v1/segments", segment)["id"]
        order = {"source_id": "first", "items": [{"product_id": product["id"], "quantity": 2}]}
        world.ids["ord_"] = post("/v1/orders", order)["id"]
        schema = {"type": "string", "array": False, "optional": True}
        with tenancy.scope(project):
            metadata_schemas.create(
                project=project, related_object="customer", properties={"favorite": schema}
            )
        world._assign_rule()
        world.ids["cat_"] = post("/v1/categories", {"name": "World", "hierarchy": 3})["id"]
        world.ids["bud_"] = post("/v1/budgets", {"name": "World"})["id"]
        world.ids["hol_"] = post("/v1/holiday-calendars", {"name": "World"})["id"]
        campaign = {
            "name": world.campaign_name,
            "campaign_type": "DISCOUNT_COUPONS",
            "type": "AUTO_UPDATE",
            "vouchers_count": 12,
            "voucher": {
                "type": "DISCOUNT_VOUCHER",
                "discount": {"type": "AMOUNT", "amount_off": 100},
                "code_config": {"pattern": "WORLD-######"},
            },
        }
        world.ids["camp_"] = post("/v1/campaigns", campaign)["id"]
        work()
        listed = api.get("/v1/vouchers", {"campaign_id": world.ids["camp_"], "limit": 100}).json()
        vouchers = listed["vouchers"]
        world.ids["v_"] = vouchers[0]["id"]
        world.codes = [voucher["code"] for voucher in vouchers]
        world._promote()
        world.redemption = world._redeem(world.codes[-1:])["redemptions"][0]["id"]
        world.parent = world._redeem(world.codes[-3:-1])["parent_redemption"]["id"]
        actions = api.get("/v1/async-actions").json()["async_actions"]
        world.action = actions[0]["id"]
        return world

    def parameters(self) -> dict[str, str]:
        """The ids by the names that parameters of our routes have."""
        return {
            "customer_id": self.ids["cust_"],
            "product_id": self.ids["prod_"],
            "sku_id": self.ids["sku_"],
            "collection_id": self.ids["pc_"],
            "segment_id": self.ids["seg_"],
            "order_id": self.ids["ord_"],
            "category_id": self.ids["cat_"],
            "campaign_id": self.ids["camp_"],
            "budget_id": self.ids["bud_"],
            "calendar_id": self.ids["hol_"],
            "code": self.codes[0],
            "tier_id": self.ids["promo_"],
            "stack_id": self.stack,
            "redemption_id": self.redemption,
            "action_id": self.action,
            "rule_id": self.ids["val_"],
            "assignment_id": self.ids["asgm_"],
            "export_id": self._post("/v1/exports", {"exported_object": "voucher"})["id"],
        }

    def path(self, path: str, *, code: str = "") -> str:
        """A published path with our ids; `code` where the operation needs one of its own."""
        places = {
            "{customerId}": self.ids["cust_"],
            "{productId}": self.ids["prod_"],
            "{skuId}": self.ids["sku_"],
            "{productCollectionId}": self.ids["pc_"],
            "{segmentId}": self.ids["seg_"],
            "{orderId}": self.ids["ord_"],
            "{categoryId}": self.ids["cat_"],
            "/promotions/{campaignId}": f"/promotions/{self.promotion}",
            "{campaignId}": self.ids["camp_"],
            "{code}": code or self.codes[0],
            "{validationRuleId}": self.ids["val_"],
            "{assignmentId}": self.ids["asgm_"],
            "{redemptionId}": self.redemption,
            "{parentRedemptionId}": self.parent,
            "{asyncActionId}": self.action,
            "{sessionKey}": "session",
            "{tierId}": self.ids["promo_"],
            "{promotionTierId}": self.ids["promo_"],
            "{stackId}": self.stack,
            "{resource}": "customer",
        }
        for place, value in places.items():
            path = path.replace(place, value)
        return path

    def body(self, value: Any) -> Any:
        """A copy of an example's body in which ids and codes are ours."""
        value = copy.deepcopy(value)
        if isinstance(value, dict):
            self._name_codes(value)
        return self._replaced(value)

    def rollback_body(self, value: Any, path: str) -> Any:
        """As `body`, with the order and customer of the redemption that `path` names."""
        value = copy.deepcopy(value)
        done = self.api.get(path.rsplit("/", 1)[0]).json()
        value["order"] = {"source_id": done["order"]["source_id"], "id": done["order"]["id"]}
        value["customer"] = {"id": done["customer"]["id"]}
        return value

    def voucher_like(self, discount: dict[str, Any]) -> str:
        """The code of a new voucher with a discount of the same type."""
        values = {"PERCENT": {"percent_off": 5}, "FIXED": {"fixed_amount": 500}}
        given = values.get(discount["type"], {"amount_off": 100})
        if discount["type"] == "UNIT":
            given = {"unit_off": 1, "unit_type": self.ids["prod_"], "effect": "ADD_NEW_ITEMS"}
        body = {"type": "DISCOUNT_VOUCHER", "discount": {"type": discount["type"], **given}}
        return str(self._post("/v1/vouchers", body)["code"])

    def card(self) -> str:
        """The code of a new gift card."""
        body = {"type": "GIFT_VOUCHER", "gift": {"amount": 20_000}}
        return str(self._post("/v1/vouchers", body)["code"])

    def card_campaign(self) -> str:
        """The id of a new campaign of gift cards."""
        voucher = {"type": "GIFT_VOUCHER", "gift": {"amount": 20_000}}
        body = {"name": "Cards", "campaign_type": "GIFT_VOUCHERS", "voucher": voucher}
        return str(self._post("/v1/campaigns", body)["id"])

    def _assign_rule(self) -> None:
        """A rule without conditions, for a code that the examples do not use."""
        self.ids["val_"] = self._post("/v1/validation-rules", {"name": "World"})["id"]
        discount = {"type": "AMOUNT", "amount_off": 100}
        self._post("/v1/vouchers/RULED", {"type": "DISCOUNT_VOUCHER", "discount": discount})
        path = f"/v1/validation-rules/{self.ids['val_']}/assignments"
        self.ids["asgm_"] = self._post(path, {"voucher": "RULED"})["id"]

    def _name_codes(self, body: dict[str, Any]) -> None:
        for place, entry in enumerate(body.get("redeemables") or []):
            if isinstance(entry, dict) and entry.get("object") == "voucher":
                entry["id"] = self.card() if "gift" in entry else self.codes[place]
        if isinstance(body.get("voucher"), str):
            body["voucher"] = self.codes.pop(0)
        if isinstance(body.get("tiers"), dict):
            body["tiers"]["ids"] = self.tiers[: len(body["tiers"]["ids"])]
        if isinstance(body.get("codes"), list):
            body["codes"] = self.codes[: len(body["codes"])]
        if isinstance(body.get("campaign"), dict) and "name" in body["campaign"]:
            body["campaign"]["name"] = self.campaign_name
        elif isinstance(body.get("campaign"), str) and not body["campaign"].startswith("camp_"):
            body["campaign"] = self.campaign_name

    def _replaced(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._replaced(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self._replaced(member) for member in value]
        if isinstance(value, str):
            value = {"{{voucherId}}": "v_", "{{campaignId}}": "camp_"}.get(value, value)
            for prefix in PREFIXES if value not in self.tiers else ():
                if value.startswith(prefix) and "5h1pp1ng" not in value:
                    return self.ids[prefix]
        return value

    def _promote(self) -> None:
        """A promotion of three tiers, and a stack of them."""
        discount = {"type": "AMOUNT", "amount_off": 100}
        tiers = [{"name": name, "action": {"discount": discount}} for name in ("A", "B", "C")]
        made = self._post(
            "/v1/campaigns",
            {"name": "Promotion", "campaign_type": "PROMOTION", "promotion": {"tiers": tiers}},
        )
        self.promotion = made["id"]
        self.tiers = [tier["id"] for tier in made["promotion"]["tiers"]]
        self.ids["promo_"] = self.tiers[0]
        stack = {"name": "All", "tiers": {"ids": self.tiers}}
        self.stack = self._post(f"/v1/promotions/{self.promotion}/stacks", stack)["id"]

    def _post(self, path: str, body: Any) -> Any:
        answer = self.api.post(path, body)
        assert answer.status_code == 200, (path, answer.content)
        return answer.json()

    def _redeem(self, codes: list[str]) -> Any:
        redeemables = [{"object": "voucher", "id": code} for code in codes]
        return self._post(
            "/v1/redemptions",
            {"redeemables": redeemables, "order": {"amount": 5000}, "customer": {"id": "anna"}},
        )
