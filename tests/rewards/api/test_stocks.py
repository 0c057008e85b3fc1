"""What is left to give away: our own member of products and SKUs."""

import pytest

from rewards.models import Product, Sku
from tests.rewards.api.test_costs import PHONE, details, stored


def test_a_stock_is_a_member_that_is_left_out_where_it_is_not_set(api):
    assert "stock" not in api.post("/v1/products", PHONE).json()

    assert api.put("/v1/products/first_product", {"stock": 12}).json()["stock"] == 12
    assert api.put("/v1/products/first_product", {"name": "Telephone"}).json()["stock"] == 12
    assert "stock" not in api.put("/v1/products/first_product", {"stock": None}).json()


def test_a_stock_is_that_of_a_sku_by_itself(api, sku, project):
    body = api.put("/v1/products/p1/skus/s1", {"stock": 0}).json()

    assert (body["stock"], stored(project, Sku)[0].stock) == (0, 0)
    assert stored(project)[0].stock is None


@pytest.mark.parametrize("stock", [-1, 0.5, "x", True, 2**63])
def test_a_stock_is_a_whole_number(api, stock, project):
    response = api.post("/v1/products", {**PHONE, "stock": stock})

    assert details(response).startswith("Property .stock must be ")
    assert stored(project) == []


def test_a_stock_comes_by_csv_in_units(api, work, project):
    api.upload("/v1/products/importCSV", "Name,Source_id,Price,Stock\nBeans,b1,12.50,7\n")
    work()
    api.upload("/v1/skus/importCSV", "Product_id,Source_id,Sku,Stock\nb1,b1-250,250 g,3\n")
    work()

    assert (stored(project, Product)[0].stock, stored(project, Sku)[0].stock) == (7, 3)
