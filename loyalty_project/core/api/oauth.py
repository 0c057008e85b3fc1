"""`/v1/oauth/*`: forms in, JSON out."""

from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.inputs import Input, Text
from loyalty_project.core.api.parsers import LenientJSONParser
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import Denied, NotFound
from loyalty_project.core.serializers.token import (
    TokenIntrospectionJson,
    TokenJson,
    introspection_json,
    token_json,
)
from loyalty_project.core.services import tokens

FORM = "application/x-www-form-urlencoded"


class TokenRequestInput(Input):
    grant_type = Text(required=False, allow_blank=True, default="")
    scope = Text(required=False, allow_blank=True, default="")


class TokenInput(Input):
    access_token = Text(required=False, allow_blank=True, default="")


class OAuthView(ApiView):
    resource = None
    keeps_answers = False
    parser_classes = [FormParser, LenientJSONParser]

    @documented(
        summary="Get a token for the key of the request",
        request=TokenRequestInput,
        response=TokenJson,
        media_type=FORM,
    )
    def create(self, _request: Request) -> Response:
        credential = self.request.made_by
        if credential.by_token or credential.api_key is None:
            raise Denied("A token cannot issue tokens; send X-App-Id and X-App-Token.")
        given = self.parse(TokenRequestInput)
        issued = tokens.issue(
            project=self.project,
            api_key=credential.api_key,
            grant_type=given["grant_type"],
            scope=given["scope"],
            at=self.at,
        )
        return Response(token_json(issued.row, issued.token, at=self.at))

    @documented(
        summary="Ask whether a token lives",
        request=TokenInput,
        response=TokenIntrospectionJson,
        media_type=FORM,
    )
    def introspect(self, _request: Request) -> Response:
        token = self._token()
        row = tokens.find(project=self.project, token=token, at=self.at)
        return Response(introspection_json(row, token, at=self.at))

    @documented(summary="End a token now", request=TokenInput, status=204, media_type=FORM)
    def revoke(self, _request: Request) -> Response:
        """An unknown token answers 404 with an empty body."""
        try:
            tokens.revoke(project=self.project, token=self._token(), at=self.at)
        except NotFound:
            return Response(status=404)
        return Response(status=204)

    def _token(self) -> str:
        token: str = self.parse(TokenInput)["access_token"]
        if not token:
            raise tokens.MissingParameters
        return token
