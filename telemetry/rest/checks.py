"""Item statistics over the API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.models import VersionCheck
from people.capabilities import Capability
from people.rest.permissions import needs
from telemetry.queries.item import CheckStatistics, Share, check_statistics
from telemetry.queries.withhold import MINIMUM


class ShareSerializer(serializers.Serializer[Share]):
    """A share with its n and Wilson's 95% interval."""

    n = serializers.IntegerField()
    right = serializers.IntegerField()
    share = serializers.FloatField(source="p", allow_null=True, help_text="0 to 1.")
    interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)


class OptionSerializer(serializers.Serializer[Any]):
    """How many first answers took one choice."""

    choice = serializers.CharField()
    n = serializers.IntegerField()
    share = serializers.FloatField()


class CheckFigureSerializer(serializers.Serializer[Any]):
    """How one check behaves. The figures are null when fewer than 5 people answered it."""

    check = serializers.CharField(help_text="Key of the check in its asset.")
    withheld = serializers.BooleanField()
    people = serializers.IntegerField(allow_null=True)
    first = ShareSerializer(allow_null=True, help_text="First answers.")
    every = ShareSerializer(allow_null=True, help_text="All answers.")
    in_the_end = ShareSerializer(allow_null=True, help_text="People who got it right at least once.")
    median_tries = serializers.FloatField(allow_null=True)
    options = OptionSerializer(many=True)


class CheckFiguresQuery(serializers.Serializer[Any]):
    """What to ask for."""

    version = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class CheckFigures(APIView):
    """How the checks of a version behave, for those who can change them."""

    permission_classes = (needs(read=[Capability.EDIT], write=[Capability.EDIT]),)

    @extend_schema(
        tags=["figures"],
        operation_id="figures_checks",
        parameters=[OpenApiParameter("version", int, required=True, description="Id of a version.")],
        responses=CheckFigureSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Facility on first and all answers, and the share of each choice. 3 queries."""
        query = CheckFiguresQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        version_id = query.validated_data["version"]
        keys = dict(
            VersionCheck.objects.filter(version_id=version_id)
            .order_by("position")
            .values_list("check_identity_id", "check_identity__key")
        )
        found = check_statistics(version_id, list(keys))
        return Response(
            CheckFigureSerializer([_shown(key, found.get(check_id)) for check_id, key in keys.items()], many=True).data
        )


def _shown(key: str, found: CheckStatistics | None) -> dict[str, Any]:
    """The statistics of a check; without the figures when they are over 1 to 4 people."""
    people = found.people if found else 0
    if found is None or people < MINIMUM:
        share = None if people else Share(0, 0)
        figures: dict[str, Any] = {
            "first": share,
            "every": share,
            "in_the_end": share,
            "median_tries": None,
            "options": (),
        }
    else:
        names = ("first", "every", "in_the_end", "median_tries", "options")
        figures = {name: getattr(found, name) for name in names}
    withheld = 0 < people < MINIMUM
    return {"check": key, "withheld": withheld, "people": None if withheld else people, **figures}
