"""Images of codes. Their address is signed, so that it needs no key."""

from django.core import signing
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from campaigns.serializers import image
from campaigns.serializers.voucher import ASSETS_SALT
from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import NotFound

_PARAMETERS = [
    OpenApiParameter("size", int, description="1 to 100; 10 unless given."),
    OpenApiParameter("format", str, enum=["png", "svg"], description="svg unless given."),
]
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


class AssetsView(ApiView):
    resource = "assets"
    authentication_classes = []
    permission_classes = [AllowAny]

    @documented(summary="QR code of a code", response=str, parameters=_PARAMETERS)
    def qr(self, _request: Request, token: str) -> HttpResponse:
        kind, size = self._format(), self._size()
        return self._answer(image.qr(self._code(token), kind=kind, size=size), kind)

    @documented(summary="Barcode of a code", response=str, parameters=_PARAMETERS)
    def barcode(self, _request: Request, token: str) -> HttpResponse:
        kind, size, code = self._format(), self._size(), self._code(token)
        if not (code.isascii() and len(code) <= image.LONGEST_BARCODE):
            raise InvalidQuery("This code has characters that a barcode cannot hold, or too many")
        return self._answer(image.barcode(code, kind=kind, size=size), kind)

    def _code(self, token: str) -> str:
        try:
            return str(signing.loads(token, salt=ASSETS_SALT))
        except signing.BadSignature:
            raise NotFound.of("asset", token[:80]) from None

    def _format(self) -> str:
        kind = query.text(self.query, "format") or "svg"
        if kind not in _TYPES:
            raise InvalidQuery("Query param 'format' must be one of png, svg")
        return kind

    def _size(self) -> int:
        return query.whole(self.query, "size", default=10, low=1, high=100)

    def _answer(self, content: bytes, kind: str) -> HttpResponse:
        answer = HttpResponse(content, content_type=_TYPES[kind])
        answer["Cache-Control"] = "public, max-age=86400, immutable"
        return answer
