"""`/management/v1/projects`: projects of the installation."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.inputs import Flag, Input, ListOf, Object, OneOf, Text, Whole
from loyalty_project.core.api.views import ApiView, ProjectManagementView
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project
from loyalty_project.core.serializers.project import (
    CLIENT_SWITCHES,
    NOTIFICATIONS,
    ProjectJson,
    ProjectListJson,
    project_json,
)
from loyalty_project.core.services import projects


class MemberInput(Input):
    id = Text(required=False)
    login = Text(required=False)
    role = Text()


class ProjectUpdateInput(Input):
    name = Text(required=False, max_length=120)
    description = Text(required=False, allow_blank=True)
    timezone = Text(required=False)
    currency = Text(required=False, min_length=3, max_length=3)
    dial_code = Text(required=False, allow_null=True, allow_blank=True, max_length=6)
    week_start = Whole(required=False, min_value=0, max_value=6, help_text="0 is Sunday.")
    prices_include_tax = Flag(required=False)
    webhook_version = OneOf(["v2024-01-01"], required=False)
    client_trusted_domains = ListOf(child=Text(max_length=255), required=False, max_length=50)
    client_redeem_enabled = Flag(required=False)
    client_publish_enabled = Flag(required=False)
    client_list_vouchers_enabled = Flag(required=False)
    client_create_customer_enabled = Flag(required=False)
    client_loyalty_events_enabled = Flag(required=False)
    client_set_voucher_expiration_date_enabled = Flag(required=False)
    api_usage_notifications = Object(required=False)
    webhooks_callout_notifications = Object(required=False)
    default_code_config = Object(required=False)


class ProjectInput(ProjectUpdateInput):
    name = Text(max_length=120)
    timezone = Text()
    currency = Text(min_length=3, max_length=3)
    case_sensitive_codes = Flag()
    api_version = OneOf(["v2018-08-01"], required=False)
    users = MemberInput(many=True, required=False)


class ProjectsView(ApiView):
    resource = "projects"

    @documented(summary="List projects", response=ProjectListJson)
    def list(self, _request: Request) -> Response:
        answer: ProjectListJson = {
            "object": "list",
            "data_ref": "data",
            "data": [project_json(project) for project in Project.objects.order_by("pk")],
        }
        return Response(answer)

    @documented(summary="Create a project", request=ProjectInput, response=ProjectJson)
    def create(self, _request: Request) -> Response:
        given = self.parse(ProjectInput)
        project = projects.create(
            at=self.at,
            case_sensitive_codes=given["case_sensitive_codes"],
            users=[_member(user) for user in given.get("users", [])],
            **_settings(given),
        )
        return Response(project_json(project))


class ProjectView(ProjectManagementView):
    resource = "projects"
    outlives_project = True

    @documented(summary="Get a project", response=ProjectJson)
    def retrieve(self, _request: Request) -> Response:
        return Response(project_json(self.project))

    @documented(
        summary="Change settings of a project", request=ProjectUpdateInput, response=ProjectJson
    )
    def update(self, _request: Request) -> Response:
        given = self.parse(ProjectUpdateInput, partial=True)
        project = projects.update(project=self.project, at=self.at, **_settings(given))
        return Response(project_json(project))

    @documented(summary="Delete a project and all that it holds", status=204)
    def destroy(self, _request: Request) -> Response:
        projects.delete(project=self.project)
        return Response(status=204)


def _settings(given: dict[str, Any]) -> dict[str, Any]:
    """Members of the wire as columns: switches and notifications lie in one column each."""
    found = {name: value for name, value in given.items() if name in projects.WRITABLE}
    if "dial_code" in found:
        found["dial_code"] = found["dial_code"] or ""
    for column, names in (
        ("client_options", CLIENT_SWITCHES),
        ("notification_options", NOTIFICATIONS),
    ):
        chosen = {name: given[name] for name in names if name in given}
        if chosen:
            found[column] = chosen
    return found


def _member(user: dict[str, Any]) -> dict[str, str]:
    if not user.get("id") and not user.get("login"):
        raise Invalid("Property .users should have required property 'login'")
    return {
        "role": user["role"],
        "login": user.get("login", ""),
        "user_id": user.get("id", ""),
    }
