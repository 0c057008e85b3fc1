"""The OpenAPI document: names, keys, components, and the error body on every operation."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from loyalty_project.core.api import shapes
from loyalty_project.core.api.shapes import Schema

ERROR_REF: Schema = {"$ref": "#/components/schemas/Error"}
ERRORS = {
    "400": "The request is wrong; `details` names the member.",
    "401": "No valid key.",
    "403": "The key may not do this.",
    "404": "No such object, or no such endpoint.",
    "409": "The request clashes with another one; send it again.",
    "413": "The body exceeds 10 MB.",
    "415": "The body is not of a supported type.",
    "429": "Too many calls with this key; `Retry-After` says when to go on.",
    "500": "Our fault; quote the `request_id`.",
    "503": "The database is away; `Retry-After` says when to send it again.",
}
_SECURITY_SCHEMES: dict[str, Schema] = {
    "AppId": {"type": "apiKey", "in": "header", "name": "X-App-Id"},
    "AppToken": {"type": "apiKey", "in": "header", "name": "X-App-Token"},
    "Bearer": {"type": "http", "scheme": "bearer", "description": "From POST /v1/oauth/token."},
    "ClientId": {"type": "apiKey", "in": "header", "name": "X-Client-Application-Id"},
    "ClientToken": {"type": "apiKey", "in": "header", "name": "X-Client-Token"},
    "ManagementId": {"type": "apiKey", "in": "header", "name": "X-Management-Id"},
    "ManagementToken": {"type": "apiKey", "in": "header", "name": "X-Management-Token"},
}
_IDEMPOTENCY_KEY: Schema = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "maxLength": 255},
    "description": "The first answer is kept 24 hours and given again.",
}
_ERROR: Schema = {
    "type": "object",
    "description": "The body of every refusal.",
    "required": ["code", "key", "message"],
    "properties": {
        "code": {"type": "integer", "description": "The HTTP status."},
        "key": {"type": "string", "description": "Stable name of the error."},
        "message": {"type": "string"},
        "details": {"type": "string", "description": "Which value was wrong."},
        "explanation": {"type": "string", "description": "A sentence for people, translated."},
        "request_id": {"type": "string"},
        "resource_id": {"type": "string"},
        "resource_type": {"type": "string"},
        "error": {"type": "object", "properties": {"message": {"type": "string"}}},
    },
}


class WafaSchema(AutoSchema):
    """Tags by resource, ids by method and path, keys by the part of the API."""

    def get_tags(self) -> list[str]:
        resource = getattr(self.view, "resource", None)
        return [resource or self.path.strip("/").split("/")[1]]

    def get_operation_id(self) -> str:
        parts = [part.strip("{}").replace("-", "_") for part in self.path.strip("/").split("/")]
        return "_".join([self.method.lower(), *parts])

    def get_auth(self) -> list[dict[str, list[str]]]:
        if self.path.startswith("/management/"):
            return [{"ManagementId": [], "ManagementToken": []}]
        if self.path.startswith("/client/"):
            return [{"ClientId": [], "ClientToken": []}, {"Bearer": []}]
        return [{"AppId": [], "AppToken": []}, {"Bearer": []}]

    def get_description(self, *_args: Any) -> str:
        """The docstring of the method; that of the class is for those who read the code."""
        action = getattr(self.view, getattr(self.view, "action", "") or "", None)
        return (getattr(action, "__doc__", None) or "").strip().partition("\n")[0]

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Lists are declared as the objects that they are."""
        del serializer
        return False


def document_errors(result: Schema, **_context: Any) -> Schema:
    """Post-processing: components of TypedDicts, key headers, and the error answers."""
    components = result.setdefault("components", {})
    components["securitySchemes"] = _SECURITY_SCHEMES
    components["parameters"] = {"IdempotencyKey": _IDEMPOTENCY_KEY}
    components["responses"] = {
        f"Error{code}": {
            "description": text,
            "content": {"application/json": {"schema": dict(ERROR_REF)}},
        }
        for code, text in ERRORS.items()
    }
    schemas = {**components.get("schemas", {}), **shapes.components(), "Error": _ERROR}
    components["schemas"] = dict(sorted(schemas.items()))
    for path, operations in result.get("paths", {}).items():
        for method, operation in operations.items():
            has_body = method in {"post", "put", "patch"}
            _complete(operation, has_body=has_body)
            if (has_body or method == "delete") and not path.startswith("/v1/oauth/"):
                reference = {"$ref": "#/components/parameters/IdempotencyKey"}
                operation.setdefault("parameters", []).append(reference)
    return result


def _complete(operation: Schema, *, has_body: bool) -> None:
    answers = operation["responses"]
    for code in ERRORS:
        if has_body or code not in {"409", "413", "415"}:
            answers.setdefault(code, {"$ref": f"#/components/responses/Error{code}"})
    operation["responses"] = dict(sorted(answers.items()))
