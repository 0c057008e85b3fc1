"""`/management/v1/projects/{id}/webhooks`: whom to tell of events."""

from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core import event_names
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.inputs import Flag, Input, ListOf, OneOf, Text
from loyalty_project.core.api.listing import complete
from loyalty_project.core.api.views import ProjectManagementView
from loyalty_project.core.models import WebhookEndpoint
from loyalty_project.core.serializers.webhook import WebhookJson, WebhookListJson, webhook_json
from loyalty_project.core.services import webhooks


class WebhookInput(Input):
    target_url = Text(max_length=2000)
    events = ListOf(child=OneOf(event_names.on_the_wire()), allow_empty=False, max_length=200)
    active = Flag(required=False)
    description = Text(required=False, allow_blank=True, max_length=200)


class WebhookView(ProjectManagementView):
    resource = "webhooks"
    secrets = frozenset({"secret"})

    @documented(summary="List webhooks of a project", response=WebhookListJson)
    def list(self, _request: Request) -> Response:
        rows = WebhookEndpoint.objects.filter(project=self.project).order_by("pk")
        data = [webhook_json(endpoint) for endpoint in rows]
        return Response(complete(data))

    @documented(
        summary="Create a webhook; the answer alone has its secret",
        request=WebhookInput,
        response=WebhookJson,
    )
    def create(self, _request: Request) -> Response:
        given = self.parse(WebhookInput)
        given["events"] = event_names.from_wire(given["events"])
        issued = webhooks.create(project=self.project, **given)
        return Response(webhook_json(issued.endpoint, secret=issued.secret))

    @documented(summary="Get a webhook", response=WebhookJson)
    def retrieve(self, _request: Request, webhook_id: str) -> Response:
        return Response(webhook_json(webhooks.find(project=self.project, public_id=webhook_id)))

    @documented(summary="Change a webhook", request=WebhookInput, response=WebhookJson)
    def update(self, _request: Request, webhook_id: str) -> Response:
        endpoint = webhooks.find(project=self.project, public_id=webhook_id)
        given = self.parse(WebhookInput)
        # Events without a published name cannot stand in the list, so they are not taken out by it.
        own = [name for name in endpoint.events if name not in event_names.published()]
        given["events"] = [*event_names.from_wire(given["events"]), *own]
        changed = webhooks.update(project=self.project, endpoint=endpoint, data=given)
        return Response(webhook_json(changed))

    @documented(summary="Delete a webhook and the log of its deliveries", status=204)
    def destroy(self, _request: Request, webhook_id: str) -> Response:
        endpoint = webhooks.find(project=self.project, public_id=webhook_id)
        webhooks.delete(project=self.project, endpoint=endpoint)
        return Response(status=204)
