"""Files that come as the part `file` of a form. A view names `MultiPartParser` in its parsers."""

from django.core.files.uploadedfile import UploadedFile
from rest_framework import serializers
from rest_framework.request import Request

from loyalty_project.core.errors import Invalid


class CsvInput(serializers.Serializer):
    """A CSV file in UTF-8 with headers in its first line."""

    file = serializers.FileField(help_text="Separated by commas.")


def uploaded(request: Request) -> UploadedFile:
    """The part `file`. Raises Invalid where it is missing or is no file."""
    found = request.data.get("file") if hasattr(request.data, "get") else None
    if not isinstance(found, UploadedFile):
        raise Invalid("Payload should have required property 'file'")
    return found
