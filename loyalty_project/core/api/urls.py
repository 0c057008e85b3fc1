"""Endpoints of the platform."""

from django.urls import path

from loyalty_project.core.api.async_actions import AsyncActionView
from loyalty_project.core.api.events import EventView
from loyalty_project.core.api.metadata_schemas import (
    ManagementMetadataSchemaView,
    MetadataSchemaView,
)
from loyalty_project.core.api.oauth import OAuthView
from loyalty_project.core.api.projects import ProjectsView, ProjectView
from loyalty_project.core.api.webhooks import WebhookView

v1 = [
    path("oauth/token", OAuthView.as_view({"post": "create"})),
    path("oauth/introspect", OAuthView.as_view({"post": "introspect"})),
    path("oauth/token/revoke", OAuthView.as_view({"post": "revoke"})),
    path("async-actions", AsyncActionView.as_view({"get": "list"})),
    path("async-actions/<raw:action_id>", AsyncActionView.as_view({"get": "retrieve"})),
    path("events", EventView.as_view({"get": "list"})),
    path("events/<raw:event_id>", EventView.as_view({"get": "retrieve"})),
    path("metadata-schemas", MetadataSchemaView.as_view({"get": "list"})),
    path("metadata-schemas/<raw:related_object>", MetadataSchemaView.as_view({"get": "retrieve"})),
]

management = [
    path("projects", ProjectsView.as_view({"get": "list", "post": "create"})),
    path(
        "projects/<raw:project_id>",
        ProjectView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path(
        "projects/<raw:project_id>/metadata-schemas",
        ManagementMetadataSchemaView.as_view({"get": "list", "post": "create"}),
    ),
    path(
        "projects/<raw:project_id>/metadata-schemas/<raw:schema_id>",
        ManagementMetadataSchemaView.as_view(
            {"get": "retrieve", "put": "update", "delete": "destroy"}
        ),
    ),
    path(
        "projects/<raw:project_id>/webhooks",
        WebhookView.as_view({"get": "list", "post": "create"}),
    ),
    path(
        "projects/<raw:project_id>/webhooks/<raw:webhook_id>",
        WebhookView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
]
