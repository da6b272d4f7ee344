"""Two versions of an asset side by side, or a version and the draft, over REST."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.policies import asset_for_reading_draft
from assets.queries.library import Comparison, comparison
from people.policies import signed_in
from people.rest.permissions import SignedIn

_NUMBER = r"[0-9]{1,9}"


class _Sides(serializers.Serializer[Any]):
    """What the address names. Nine digits at most: what a version's number can be."""

    old = serializers.RegexField(rf"^{_NUMBER}\Z")
    new = serializers.RegexField(rf"^(?:draft|{_NUMBER})\Z")


class SideSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(allow_null=True, help_text="Null for the draft.")
    title = serializers.CharField()
    at = serializers.DateTimeField()


class FrontChangeSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    old = serializers.CharField(allow_blank=True)
    new = serializers.CharField(allow_blank=True)


class CheckChangeSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    state = serializers.CharField(help_text="added, removed or changed")
    changed = serializers.ListField(child=serializers.CharField(), help_text="Which parts of it changed.")


class LineSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="same, removed or added")
    old_line = serializers.IntegerField(allow_null=True)
    new_line = serializers.IntegerField(allow_null=True)
    text = serializers.CharField(allow_blank=True)


class ComparisonSerializer(serializers.Serializer[Any]):
    """What changed from one state of an asset to another, right answers too."""

    old = SideSerializer()
    new = SideSerializer()
    change_class = serializers.CharField(help_text="editorial or material, as inferred")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why it is material.")
    words_added = serializers.IntegerField()
    words_removed = serializers.IntegerField()
    front = FrontChangeSerializer(many=True, help_text="What changed in the front matter.")
    checks = CheckChangeSerializer(many=True)
    lines = LineSerializer(many=True, help_text="The changed lines of the file with three around each.")


def _body(found: Comparison) -> dict[str, Any]:
    """The comparison as `ComparisonSerializer` takes it."""
    return {
        "old": found.old,
        "new": found.new,
        "change_class": found.change.kind,
        "reasons": [reason.message for reason in found.change.reasons],
        "words_added": found.diff.words_added,
        "words_removed": found.diff.words_removed,
        "front": [{"field": field, "old": old, "new": new} for field, old, new in found.fields],
        "checks": [
            {"key": check.key, "state": check.state, "changed": [change.field for change in check.fields]}
            for check in found.diff.checks
            if check.state != "same"
        ],
        "lines": [row for row in found.source if row is not None],
    }


@extend_schema(tags=["library"])
class CompareView(APIView):
    """Compare two versions of an asset, or a version and the draft."""

    permission_classes = (SignedIn,)

    @extend_schema(
        parameters=[
            OpenApiParameter("from", str, required=True, pattern=rf"^{_NUMBER}$", description="Number of a version."),
            OpenApiParameter(
                "to", str, pattern=rf"^(draft|{_NUMBER})$", description="A number, or draft (the default)."
            ),
        ],
        responses=ComparisonSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        """What changed. Right answers are shown: for those who may read the draft."""
        asset = asset_for_reading_draft(signed_in(request), key)
        query = request.query_params
        sides = _Sides(data={"old": query.get("from", ""), "new": query.get("to", "draft")})
        sides.is_valid(raise_exception=True)
        return Response(ComparisonSerializer(_body(comparison(asset, **sides.validated_data))).data)
