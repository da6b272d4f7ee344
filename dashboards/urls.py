"""Pages of dashboards."""

from django.urls import URLPattern, URLResolver, path

from dashboards.live.views import outcome_stream
from dashboards.views.outcomes import outcome, outcomes
from dashboards.views.teams import team

app_name = "dashboards"

urlpatterns: list[URLPattern | URLResolver] = [
    path("outcomes/", outcomes, name="outcomes"),
    path("outcomes/<path:key>/", outcome, name="outcome"),
    path("teams/<int:team_id>/", team, name="team"),
    path("live/outcomes/", outcome_stream, name="live-outcomes"),
]
