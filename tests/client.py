"""Calls the API in this process as a server would: raw path, headers of a key, JSON both ways."""

import json
from urllib.parse import urlencode

from django.test import Client


class ApiClient:
    """`api.post("/v1/customers", {"name": "Ada"})`. A 500 fails the test unless it is wanted."""

    def __init__(self, headers, *, wants_500=False):
        self.headers = headers
        self.wants_500 = wants_500
        self.http = Client(raise_request_exception=False)

    def get(self, path, params=None, **options):
        if params:
            path = f"{path}?{urlencode(params, doseq=True)}"
        return self.call("GET", path, **options)

    def post(self, path, data=None, **options):
        return self.call("POST", path, data, **options)

    def put(self, path, data=None, **options):
        return self.call("PUT", path, data, **options)

    def delete(self, path, **options):
        return self.call("DELETE", path, **options)

    def form(self, path, data, **options):
        """POST a form, as the OAuth endpoints want it."""
        return self.call(
            "POST",
            path,
            body=urlencode(data).encode(),
            content_type="application/x-www-form-urlencoded",
            **options,
        )

    def upload(self, path, content, *, name="file.csv", boundary="wafa-boundary", **options):
        """POST a file as the part `file`, as the CSV imports want it."""
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        content = content.encode() if isinstance(content, str) else content
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        content_type = f"multipart/form-data; boundary={boundary}"
        return self.call("POST", path, body=body, content_type=content_type, **options)

    def call(
        self, method, path, data=None, *, body=None, content_type="application/json", headers=None
    ):
        if body is None:
            body = b"" if data is None else json.dumps(data).encode()
        response = self.http.generic(
            method,
            path,
            body,
            content_type=content_type,
            headers={**self.headers, **(headers or {})},
            RAW_URI=path,
        )
        if response.status_code >= 500 and not self.wants_500:
            raise AssertionError(f"{method} {path} answered {response.content.decode()}")
        return response
