"""What telemetry shows beside an asset while it is written."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from assets.models import Asset
from people.capabilities import Capability
from people.policies import signed_in
from telemetry.queries.insights import insights_of_asset


def insights_panel(request: HttpRequest, asset: Asset) -> SafeString | None:
    """How people got on with the version they used last; nothing before somebody did. 4 queries at most."""
    if not signed_in(request).can(Capability.FIGURES_BY_TEAM):
        return None
    insights = insights_of_asset(asset.pk)
    if insights is None:
        return None
    return render_to_string("telemetry/insights.html", {"insights": insights}, request)
