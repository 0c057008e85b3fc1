"""Endpoints of customers and their segments."""

from django.urls import path

from customers.api.views.customers import CustomersCsvView, CustomersView
from customers.api.views.segments import SegmentsView

_ONE = "customers/<raw:customer_id>"

v1 = [
    path("customers", CustomersView.as_view({"get": "list", "post": "create"})),
    path("customers/importCSV", CustomersCsvView.as_view({"post": "create"})),
    path("customers/bulk/async", CustomersView.as_view({"post": "bulk"})),
    path("customers/metadata/async", CustomersView.as_view({"post": "metadata"})),
    path(
        _ONE,
        CustomersView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path(f"{_ONE}/permanent-deletion", CustomersView.as_view({"post": "erase"})),
    path(f"{_ONE}/segments", CustomersView.as_view({"get": "segments"})),
    path("segments", SegmentsView.as_view({"get": "list", "post": "create"})),
    path(
        "segments/<raw:segment_id>",
        SegmentsView.as_view({"get": "retrieve", "delete": "destroy"}),
    ),
]
client_v1: list[object] = []
