"""`/v1/vouchers`: single codes."""

from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries
from campaigns.api import filters
from campaigns.api.inputs.voucher import BalanceInput, VoucherInput, VoucherUpdateInput
from campaigns.api.views.publications import PUBLICATIONS
from campaigns.models import Voucher
from campaigns.queries import cards, limit_use
from campaigns.queries import rules as rule_queries
from campaigns.serializers.transaction import (
    BalanceJson,
    TransactionJson,
    balance_json,
    transaction_json,
)
from campaigns.serializers.voucher import VoucherJson, limited_voucher_json
from campaigns.services import deletion, gift_cards, vouchers
from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.views import ApiView

VOUCHERS = Listing(
    ref="vouchers",
    item=VoucherJson,
    to_json=limited_voucher_json,
    prepare=limit_use.note,
    order=("created_at", "updated_at", "code"),
    columns={"code": "code_key"},
    dates=("created_at", "updated_at"),
    max_page=99,
    params=filters.VoucherParams,
    filters=filters.VOUCHERS,
)


TRANSACTIONS = Listing(
    ref="data",
    item=TransactionJson,
    to_json=transaction_json,
    order=("id",),
    cursor="id",
)


def is_forced(tree: query.Tree) -> bool:
    return query.flag(tree, "force")


class VouchersView(ApiView):
    resource = "vouchers"

    @documented(summary="List codes", listing=VOUCHERS)
    def list(self, _request: Request) -> Response:
        found = rule_queries.with_assignments(queries.vouchers())
        return self.listed(VOUCHERS, filters.filterable(found))

    @documented(summary="Create a code", request=VoucherInput, response=VoucherJson)
    def create(self, _request: Request) -> Response:
        voucher = vouchers.create(project=self.project, data=self.parse(VoucherInput), at=self.at)
        return Response(limited_voucher_json(voucher))

    @documented(summary="Get a code", response=VoucherJson)
    def retrieve(self, _request: Request, code: str) -> Response:
        return Response(limited_voucher_json(queries.get_voucher(reference=code)))

    @documented(
        summary="Create a code of this name",
        request=VoucherInput,
        response=VoucherJson,
        errors=[409],
    )
    def create_named(self, _request: Request, code: str) -> Response:
        voucher = vouchers.create(
            project=self.project, data=self.parse(VoucherInput), code=code, at=self.at
        )
        return Response(limited_voucher_json(voucher))

    @documented(summary="Update a code", request=VoucherUpdateInput, response=VoucherJson)
    def update(self, _request: Request, code: str) -> Response:
        voucher = vouchers.update(
            project=self.project,
            voucher=queries.get_voucher(reference=code),
            data=self.parse(VoucherUpdateInput, partial=True),
            at=self.at,
        )
        return Response(limited_voucher_json(voucher))

    @documented(summary="Delete a code", status=204)
    def destroy(self, _request: Request, code: str) -> Response:
        deletion.delete_voucher(
            project=self.project,
            voucher=queries.get_voucher(reference=code),
            force=is_forced(self.query),
            at=self.at,
        )
        return Response(status=204)

    @documented(summary="Enable a code", response=VoucherJson)
    def enable(self, _request: Request, code: str) -> Response:
        return self._switch(code, active=True)

    @documented(summary="Disable a code", response=VoucherJson)
    def disable(self, _request: Request, code: str) -> Response:
        return self._switch(code, active=False)

    @documented(summary="List the publications of a code", listing=PUBLICATIONS)
    def publications(self, _request: Request, code: str) -> Response:
        voucher = queries.get_voucher(reference=code)
        return self.listed(PUBLICATIONS, queries.publications_of(voucher))

    @documented(
        summary="Put money on a gift card or take it off",
        request=BalanceInput,
        response=BalanceJson,
        errors=[404],
    )
    def balance(self, _request: Request, code: str) -> Response:
        voucher = self._voucher(code)
        given = self.parse(BalanceInput)
        entry = gift_cards.change_balance(
            project=self.project,
            voucher=voucher,
            amount=given["amount"],
            reason=given.get("reason") or "",
            source_id=given.get("source_id") or None,
            at=self.at,
        )
        return Response(balance_json(entry, voucher))

    @documented(summary="List the transactions of a card", listing=TRANSACTIONS)
    def transactions(self, _request: Request, code: str) -> Response:
        return self.listed(TRANSACTIONS, cards.transactions_of(self._voucher(code)))

    def _voucher(self, code: str) -> Voucher:
        return queries.get_voucher(reference=code)

    def _switch(self, code: str, *, active: bool) -> Response:
        voucher = vouchers.set_active(
            project=self.project, voucher=self._voucher(code), active=active, at=self.at
        )
        return Response(limited_voucher_json(voucher))
