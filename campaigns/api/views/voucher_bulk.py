"""`/v1/vouchers/import` and its relatives: many codes at once, by a background task."""

from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.inputs.voucher import (
    VoucherImportInput,
    VoucherMetadataInput,
    VouchersMetadataInput,
)
from campaigns.services import bulk_updates, imports
from loyalty_project.core.api import query
from loyalty_project.core.api.many import documented_work
from loyalty_project.core.api.uploads import CsvInput, uploaded
from loyalty_project.core.api.views import ApiView

MAX_ROWS = 100_000


class VouchersBulkView(ApiView):
    resource = "vouchers"

    @documented_work(
        summary="Import codes",
        request=VoucherImportInput(many=True),
    )
    def load(self, _request: Request) -> Response:
        action = imports.start(
            project=self.project,
            rows=self.parse_many(VoucherImportInput, limit=MAX_ROWS),
            announce=query.text(self.query, "webhooks_enable") == "true",
            at=self.at,
        )
        return self.started(action)

    @documented_work(
        summary="Update the metadata of many codes",
        request=VoucherMetadataInput(many=True),
    )
    def bulk(self, _request: Request) -> Response:
        rows = self.parse_many(VoucherMetadataInput, limit=MAX_ROWS)
        action = bulk_updates.start(project=self.project, rows=rows, at=self.at)
        return self.started(action)

    @documented_work(
        summary="Give many codes the same metadata",
        request=VouchersMetadataInput,
    )
    def metadata(self, _request: Request) -> Response:
        data = self.parse(VouchersMetadataInput)
        action = bulk_updates.start_metadata(
            project=self.project, codes=data["codes"], values=data["metadata"], at=self.at
        )
        return self.started(action)


class VouchersCsvView(ApiView):
    resource = "vouchers"
    parser_classes = [MultiPartParser]

    @documented_work(
        summary="Import codes from a CSV file; amounts in major units",
        request=CsvInput,
        media_type="multipart/form-data",
    )
    def load(self, request: Request) -> Response:
        action = imports.start_csv(project=self.project, upload=uploaded(request), at=self.at)
        return self.started(action)
