"""Campaigns with codes to give, and the request that gives them."""

from tests.factories.campaign import CampaignFactory
from tests.factories.voucher import VoucherFactory


def pool(*, codes=2, **values):
    campaign = CampaignFactory(**values)
    for n in range(codes):
        VoucherFactory(code=f"{campaign.name}-{n}", campaign=campaign)
    return campaign


def publish(api, campaign, customer="ada", count=None, **more):
    named = {"name": campaign.name} if count is None else {"id": campaign.public_id, "count": count}
    body = {"campaign": named, "customer": {"source_id": customer}, **more}
    return api.post("/v1/publications", body)
