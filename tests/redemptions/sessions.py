"""What shops send for a session, and what they look at in the answers."""

from campaigns.models import Voucher

ORDER = {"amount": 2000}


def wanted(*names, kind="voucher", **more):
    return {"redeemables": [{"object": kind, "id": name, **more} for name in names]}


def lock(key="cart-1", **more):
    return {"session": {"type": "LOCK", "key": key, **more}}


def error(validation):
    return validation["redeemables"][0]["result"]["error"]


def code_of(name):
    return Voucher.objects.get(code=name)
