"""Routes of the test alone: a view that writes rows, refuses, waits or breaks, as it is asked."""

import time

from django.db import connection, transaction
from django.urls import include, path
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from loyalty_project import urls
from loyalty_project.core.api.inputs import Input, Text, Whole
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.parsers import LenientJSONParser
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import Busy, Invalid
from loyalty_project.core.models import AsyncAction


class NoteInput(Input):
    name = Text()
    quantity = Whole(required=False)


class Refused(Invalid):
    key = "voucher_expired"
    message = "voucher expired"


NOTES = Listing(
    ref="data", item=dict, to_json=lambda action: {"id": action.public_id}, order=("created_at",)
)


def note(name):
    with transaction.atomic():
        AsyncAction.objects.create(type=name)


class NoteView(ApiView):
    resource = "vouchers"
    parser_classes = [LenientJSONParser, MultiPartParser]
    merchant_may = frozenset({"redeem"})
    viewer_may = frozenset({"export"})

    def list(self, _request):
        return self.listed(NOTES, AsyncAction.objects.filter(project=self.project))

    def retrieve(self, _request, code):
        return Response({"code": code})

    def create(self, _request):
        given = self.parse(NoteInput)
        note(given["name"])
        return Response({"z": 1, "a": AsyncAction.objects.filter(type=given["name"]).count()})

    redeem = create
    export = create

    def upload(self, request):
        note(request.data["file"].read().decode())
        return Response({"done": True})

    def slow(self, _request):
        note("slow")
        time.sleep(0.5)
        return Response({"done": True})

    def refuse(self, _request):
        """As a redemption: its own work is undone, the failure is kept."""
        with transaction.atomic():
            AsyncAction.objects.create(type="undone")
            transaction.set_rollback(True)
        note("failure")
        raise Refused("SUMMER")

    def busy(self, _request):
        note("busy")
        raise Busy

    def crash(self, _request):
        note("crash")
        raise ZeroDivisionError

    def locked(self, _request):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            cursor.execute("SELECT pg_advisory_xact_lock(77)")
        return Response({})


notes = [
    path("notes", NoteView.as_view({"get": "list", "post": "create"})),
    path("notes/redeem", NoteView.as_view({"post": "redeem"})),
    path("notes/export", NoteView.as_view({"post": "export"})),
    path("notes/upload", NoteView.as_view({"post": "upload"})),
    path("notes/slow", NoteView.as_view({"post": "slow"})),
    path("notes/refuse", NoteView.as_view({"post": "refuse"})),
    path("notes/busy", NoteView.as_view({"post": "busy"})),
    path("notes/crash", NoteView.as_view({"post": "crash", "get": "crash"})),
    path("notes/locked", NoteView.as_view({"post": "locked"})),
    path("notes/<raw:code>", NoteView.as_view({"get": "retrieve"})),
]
urlpatterns = [path("v1/", include(notes)), *urls.urlpatterns]
handler500 = urls.handler500
