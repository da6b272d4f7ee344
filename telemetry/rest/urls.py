"""Routes of telemetry under /api/v1/. Figures by outcome are in dashboards, which knows what is released."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from telemetry.rest.checks import CheckFigures
from telemetry.rest.statements import StatementViewSet

router = SimpleRouter()
router.register("statements", StatementViewSet, "statement")

urlpatterns: list[URLPattern | URLResolver] = [
    path("figures/checks/", CheckFigures.as_view(), name="figures-checks"),
    path("", include(router.urls)),
]
