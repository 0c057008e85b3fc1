"""What one unit costs the shop: our own member of products and SKUs."""

import pytest

from loyalty_project.core import tenancy
from rewards.models import Product, Sku

PHONE = {"source_id": "first_product", "name": "Phone", "price": 200000}


def stored(project, model=Product):
    with tenancy.scope(project):
        return list(model.objects.order_by("pk"))


def details(response):
    assert response.status_code == 400, response.content
    return response.json()["details"]


def test_a_cost_is_a_member_that_is_left_out_where_it_is_not_set(api):
    assert "cost" not in api.post("/v1/products", PHONE).json()

    body = api.put("/v1/products/first_product", {"cost": 150000}).json()

    assert (body["cost"], body["price"]) == (150000, 200000)
    assert "cost" not in api.put("/v1/products/first_product", {"cost": None}).json()


def test_a_cost_is_that_of_a_sku_by_itself(api, sku, project):
    body = api.put("/v1/products/p1/skus/s1", {"cost": 700}).json()

    assert (body["cost"], stored(project, Sku)[0].cost) == (700, 700)
    assert stored(project)[0].cost is None


@pytest.mark.parametrize("cost", [-1, 0.5, "x", True, 2**63])
def test_a_cost_is_a_whole_number_of_minor_units(api, cost, project):
    response = api.post("/v1/products", {**PHONE, "cost": cost})

    assert details(response).startswith("Property .cost must be ")
    assert stored(project) == []


def test_a_cost_comes_by_csv_in_major_units(api, work, project):
    api.upload("/v1/products/importCSV", "Name,Source_id,Price,Cost\nBeans,b1,12.50,7.25\n")
    work()
    api.upload("/v1/skus/importCSV", "Product_id,Source_id,Sku,Cost\nb1,b1-250,250 g,1.80\n")
    work()

    assert (stored(project)[0].price, stored(project)[0].cost) == (1250, 725)
    assert stored(project, Sku)[0].cost == 180

    api.upload("/v1/products/importCSV", "Name,Source_id,Cost\nBeans,b1,\n")
    work()
    assert (stored(project)[0].price, stored(project)[0].cost) == (1250, None)
