"""Routes of dashboards under /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from dashboards.rest.figures import OutcomeFigures, OutcomeSeries

urlpatterns: list[URLPattern | URLResolver] = [
    path("figures/outcomes/", OutcomeFigures.as_view(), name="figures-outcomes"),
    path("figures/outcomes/<str:key>/", OutcomeSeries.as_view(), name="figures-outcome"),
]
