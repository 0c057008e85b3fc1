"""Addresses and texts of the pages of product collections."""

import re

from django.urls import reverse

from loyalty_project.core import tenancy
from rewards.models import ProductCollection

CHEAP = {"junction": "and", "price": {"conditions": {"$less_than": [1000]}}}


def page(name, *arguments):
    return reverse(f"admin:rewards_productcollection_{name}", args=arguments)


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def stored(project):
    with tenancy.scope(project):
        return list(ProductCollection.objects.order_by("pk"))
