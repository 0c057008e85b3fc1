"""Words for sentences in tests: names of ids, euros, the clock of Berlin."""

from dataclasses import replace

from campaigns.sentences import Words
from loyalty_project.core.currencies import Look
from tests.campaigns.engine.build import AT, BERLIN

EUROS = Look("EUR", 2, 2).text
NAMES = {
    "seg_vip": "VIP",
    "seg_gold": "Gold",
    "tier_silver": "Silver",
    "prod_tea": "Tea",
    "prod_cup": "Cup",
    "pc_sum": "Summer",
    "camp_1": "Spring",
    "bud_1": "Marketing",
    "cat_x": "Coupons",
}
WORDS = Words(amount=EUROS, names=NAMES, time_zone=BERLIN, at=AT)
FOR_SHOPPERS = replace(WORDS, for_shoppers=True)
TEA = {"id": "prod_tea", "object": "product"}
CUP = {"id": "prod_cup", "object": "product"}
SUMMER = {"id": "pc_sum", "object": "products_collection"}
AT_LEAST = "$more_than_or_equal"
