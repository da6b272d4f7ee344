"""Releases over REST: what the release pages do, and what one person gets."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.policies import assets_for_edit
from delivery.actions.releases import roll_back_release, ship_release, switch_release, widen_release
from delivery.models import Channel, Release
from delivery.policies import release_for_change, require_reach, version_for_release
from delivery.queries.explain import explain
from delivery.queries.resolve import decide_all
from flags.engine import FULL
from people.capabilities import Capability
from people.models import User
from people.policies import require, signed_in
from people.rest.permissions import SignedIn, needs

_RELEASERS = needs(read=[Capability.RELEASE], write=[Capability.RELEASE])


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """A release as it stands."""

    asset: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(slug_field="key", read_only=True)
    version: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(slug_field="number", read_only=True)
    rule = serializers.JSONField(source="flag.audience.rule", read_only=True)
    percentage_hundredths = serializers.IntegerField(source="flag.percentage_hundredths", read_only=True)
    killed = serializers.BooleanField(source="flag.killed", read_only=True)

    class Meta:
        model = Release
        fields: ClassVar = [
            "id", "asset", "version", "state", "rule", "percentage_hundredths", "killed", "channels", "note",
            "released_at", "closed_at", "closed_reason",
        ]  # fmt: skip


class NewReleaseSerializer(serializers.Serializer[Any]):
    """What to ship. `rule` is an audience: {"all": []} is everyone."""

    version = serializers.IntegerField(min_value=1, help_text="The id of the version.")
    rule = serializers.JSONField()
    percentage_hundredths = serializers.IntegerField(min_value=0, max_value=FULL, default=FULL)
    channels = serializers.ListField(child=serializers.ChoiceField(Channel.Kind.choices), default=list)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class ShareSerializer(serializers.Serializer[Any]):
    percentage_hundredths = serializers.IntegerField(min_value=0, max_value=FULL)


class RollBackReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class SwitchSerializer(serializers.Serializer[Any]):
    killed = serializers.BooleanField()


class DecisionSerializer(serializers.Serializer[Any]):
    """What one person gets of one asset, and why."""

    asset = serializers.IntegerField()
    version = serializers.IntegerField()
    version_id = serializers.IntegerField()
    release = serializers.IntegerField()
    reason = serializers.CharField()
    bucket = serializers.IntegerField(allow_null=True)
    why = serializers.CharField()


class ReleaseViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Release]):
    """Releases of the assets one may edit, newest first."""

    permission_classes = (_RELEASERS,)
    serializer_class = ReleaseSerializer
    queryset = Release.objects.none()
    filterset_fields: ClassVar = {"state": ["exact"], "asset__key": ["exact"]}

    def get_queryset(self) -> QuerySet[Release]:
        found = Release.objects.select_related("asset", "version", "flag__audience").order_by("-id")
        if getattr(self, "swagger_fake_view", False):
            return found.none()
        return found.filter(asset__in=assets_for_edit(signed_in(self.request)))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One release."""
        return Response(ReleaseSerializer(self._release(request, pk)).data)

    @extend_schema(request=NewReleaseSerializer, responses={201: ReleaseSerializer})
    def create(self, request: Request) -> Response:
        """Ship a version. Refused with 400 when a finding blocks it, and with 403 beyond one's reach."""
        user = signed_in(request)
        given = _valid(NewReleaseSerializer, request)
        version = version_for_release(user, given["version"])
        require_reach(user, given["rule"], given["percentage_hundredths"])
        release = ship_release(
            actor=user,
            version_id=version.pk,
            rule=given["rule"],
            percentage_hundredths=given["percentage_hundredths"],
            channels=given["channels"],
            note=given["note"],
        )
        return Response(ReleaseSerializer(release).data, status.HTTP_201_CREATED)

    @extend_schema(request=RollBackReasonSerializer, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"], url_path="roll-back")
    def roll_back(self, request: Request, pk: str) -> Response:
        """Close this release; everyone gets what the stack then gives."""
        release = self._release(request, pk)
        reason = _valid(RollBackReasonSerializer, request)["reason"]
        roll_back_release(actor=signed_in(request), release_id=release.pk, reason=reason)
        return Response(ReleaseSerializer(self._release(request, pk)).data)

    @extend_schema(request=ShareSerializer, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"])
    def share(self, request: Request, pk: str) -> Response:
        """Change the share of the audience."""
        release = self._release(request, pk)
        share = _valid(ShareSerializer, request)["percentage_hundredths"]
        require_reach(signed_in(request), release.flag.audience.rule, share)
        widen_release(actor=signed_in(request), release_id=release.pk, percentage_hundredths=share)
        return Response(ReleaseSerializer(self._release(request, pk)).data)

    @extend_schema(request=SwitchSerializer, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str) -> Response:
        """Turn the kill switch on or off."""
        release = self._release(request, pk)
        kill = _valid(SwitchSerializer, request)["killed"]
        switch_release(actor=signed_in(request), release_id=release.pk, kill=kill)
        return Response(ReleaseSerializer(self._release(request, pk)).data)

    def _release(self, request: Request, pk: str) -> Release:
        if not pk.isdecimal() or len(pk) > 18:
            raise NotFound("There is no such release.")
        return release_for_change(signed_in(request), int(pk))


class DecisionsView(APIView):
    """What one person gets of every asset."""

    permission_classes = (SignedIn,)

    @extend_schema(
        operation_id="decisions_list",
        parameters=[OpenApiParameter("person", str, description="A username; one's own decisions without it.")],
        responses=DecisionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """One's own decisions, or those of `person` for those who release."""
        user = signed_in(request)
        username = request.query_params.get("person", "")
        person = user
        if username and username != user.username:
            require(user, Capability.RELEASE)
            found = User.objects.filter(username=username).first()
            if found is None:
                raise NotFound(f"There is nobody with the username “{username}”.")
            person = found
        rows = [
            {
                "asset": asset_id,
                "version": one.number,
                "version_id": one.version_id,
                "release": one.release.id,
                "reason": str(one.decision.reason),
                "bucket": one.decision.bucket,
                "why": explain(one),
            }
            for asset_id, one in decide_all(person).items()
        ]
        return Response(DecisionSerializer(rows, many=True).data)


def _valid(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    data: dict[str, Any] = given.validated_data
    return data
