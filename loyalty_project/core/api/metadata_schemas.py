"""Metadata schemas: read in `/v1`, written in `/management/v1`."""

from typing import Literal, TypedDict

from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.inputs import Flag, Input, Object, Text
from loyalty_project.core.api.listing import complete
from loyalty_project.core.api.views import ApiView, ProjectManagementView
from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import MetadataSchema
from loyalty_project.core.serializers.metadata_schema import (
    MetadataSchemaJson,
    metadata_schema_json,
    metadata_schema_v1_json,
)
from loyalty_project.core.services import metadata_schemas


class MetadataSchemaInput(Input):
    related_object = Text(max_length=120)
    properties = Object()
    allow_defined_only = Flag(required=False)


class MetadataSchemaUpdateInput(Input):
    properties = Object()
    allow_defined_only = Flag(required=False)


class SchemaListJson(TypedDict):
    """The metadata schemas of the project, as `/v1` lists them."""

    object: Literal["list"]
    data_ref: Literal["schemas"]
    schemas: list[MetadataSchemaJson]
    total: int


class ManagementSchemaListJson(TypedDict):
    """The metadata schemas of a project."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[MetadataSchemaJson]
    total: int


class MetadataSchemaView(ApiView):
    resource = "metadata-schemas"

    @documented(summary="List metadata schemas", response=SchemaListJson)
    def list(self, _request: Request) -> Response:
        rows = MetadataSchema.objects.filter(project=self.project).order_by("pk")
        schemas = [metadata_schema_v1_json(schema) for schema in rows]
        answer: SchemaListJson = {
            "object": "list",
            "data_ref": "schemas",
            "schemas": schemas,
            "total": len(schemas),
        }
        return Response(answer)

    @documented(summary="Get the metadata schema of a resource", response=MetadataSchemaJson)
    def retrieve(self, _request: Request, related_object: str) -> Response:
        schema = MetadataSchema.objects.filter(
            project=self.project, related_object=related_object
        ).first()
        if schema is None:
            raise NotFound.of("metadata_schema", related_object)
        return Response(metadata_schema_v1_json(schema))


class ManagementMetadataSchemaView(ProjectManagementView):
    resource = "metadata-schemas"

    @documented(summary="List metadata schemas of a project", response=ManagementSchemaListJson)
    def list(self, _request: Request) -> Response:
        rows = MetadataSchema.objects.filter(project=self.project).order_by("pk")
        data = [metadata_schema_json(schema) for schema in rows]
        return Response(complete(data))

    @documented(
        summary="Create a metadata schema",
        request=MetadataSchemaInput,
        response=MetadataSchemaJson,
        errors=(409,),
    )
    def create(self, _request: Request) -> Response:
        given = self.parse(MetadataSchemaInput)
        schema = metadata_schemas.create(project=self.project, **given)
        return Response(metadata_schema_json(schema))

    @documented(summary="Get a metadata schema", response=MetadataSchemaJson)
    def retrieve(self, _request: Request, schema_id: str) -> Response:
        schema = metadata_schemas.find(project=self.project, public_id=schema_id)
        return Response(metadata_schema_json(schema))

    @documented(
        summary="Change definitions of a metadata schema",
        request=MetadataSchemaUpdateInput,
        response=MetadataSchemaJson,
    )
    def update(self, _request: Request, schema_id: str) -> Response:
        schema = metadata_schemas.find(project=self.project, public_id=schema_id)
        given = self.parse(MetadataSchemaUpdateInput)
        changed = metadata_schemas.update(project=self.project, schema=schema, **given)
        return Response(metadata_schema_json(changed))

    @documented(summary="Delete a metadata schema", status=204)
    def destroy(self, _request: Request, schema_id: str) -> Response:
        schema = metadata_schemas.find(project=self.project, public_id=schema_id)
        metadata_schemas.delete(project=self.project, schema=schema)
        return Response(status=204)
