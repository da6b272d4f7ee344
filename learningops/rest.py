"""The REST root: every app's routes under one version, with its OpenAPI description."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/", include("people.rest.urls")),
    path("v1/", include("assets.rest.urls")),
    path("v1/", include("flags.rest.urls")),
    path("v1/", include("delivery.rest.urls")),
    path("v1/", include("telemetry.rest.urls")),
    path("v1/", include("dashboards.rest.urls")),
]
