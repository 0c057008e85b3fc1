"""All routes. The API has no trailing slashes and never answers a page."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from campaigns.api import urls as campaigns
from customers.api import urls as customers
from loyalty_project.core import status
from loyalty_project.core.api import urls as core
from loyalty_project.core.api.views import unknown_route
from redemptions.api import urls as redemptions
from reporting.api import urls as reporting
from rewards.api import urls as rewards

# Highest first: it may serve a fixed name that a lower one would take for an id.
APPS = (reporting, redemptions, campaigns, rewards, customers)

v1 = [*core.v1, *(route for app in APPS for route in app.v1)]
management = [*core.management, *campaigns.management]
client_v1 = [route for app in APPS for route in app.client_v1]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("v1/", include(v1)),
    path("client/v1/", include(client_v1)),
    path("management/v1/", include(management)),
    re_path(r"^(?:client/|management/)?v1(?:/.*)?$", unknown_route),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("healthz", status.healthz),
    path("readyz", status.readyz),
    path("metrics", status.metrics),
]

handler500 = "loyalty_project.core.api.views.server_error"
