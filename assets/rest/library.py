"""Assets, drafts and versions over REST."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.actions.assets import create_asset, restore_asset, retire_asset, set_owner, set_review_by
from assets.actions.drafts import DraftMoved, save_draft
from assets.actions.versions import save_version
from assets.actions.waivers import waive_gate
from assets.gates import Finding, candidate_of_draft, run_gates, run_gates_on_version
from assets.models import Asset, Draft, Version
from assets.models.asset import ASSET_KEY
from assets.policies import asset_for_edit, asset_for_reading_draft, assets_for_reading, require_collection
from assets.queries.library import library, where_used
from assets.rest.filters import AssetFilter, VersionFilter
from assets.rest.serializers import (
    AssetChangeSerializer,
    AssetSerializer,
    ConflictSerializer,
    DraftChangeSerializer,
    DraftSerializer,
    FindingSerializer,
    NewAssetSerializer,
    NewVersionSerializer,
    UseSerializer,
    VersionDetailSerializer,
    VersionSerializer,
    WaiverSerializer,
)
from people.capabilities import Capability
from people.policies import signed_in
from people.rest.permissions import SignedIn, needs

AuthorsOnly = needs(read=[Capability.EDIT], write=[Capability.EDIT])


def valid(serializer: type[Any], request: Request) -> dict[str, Any]:
    """The checked body of a request."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def moved_response(moved: DraftMoved) -> Response:
    """409 with the places that both changed, as problem details."""
    body = {
        "type": "urn:learningops:problem:draft-moved",
        "title": "The draft moved",
        "status": status.HTTP_409_CONFLICT,
        "detail": " ".join(moved.messages),
        "edit": moved.draft.edit,
        "conflicts": ConflictSerializer(moved.collision.conflicts, many=True).data,
    }
    return Response(body, status.HTTP_409_CONFLICT, content_type="application/problem+json")


@extend_schema(tags=["library"])
class AssetViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Asset]):
    """Assets as authors see them. What a person may open is at open-assets."""

    permission_classes = (AuthorsOnly,)
    queryset = Asset.objects.none()
    serializer_class = AssetSerializer
    filterset_class = AssetFilter
    lookup_field = "key"
    lookup_value_regex = ASSET_KEY

    def get_queryset(self) -> QuerySet[Asset]:
        return library(Asset.objects.order_by("title", "key"))

    @extend_schema(responses=AssetSerializer)
    def retrieve(self, request: Request, key: str) -> Response:
        """One asset."""
        return Response(AssetSerializer(get_object_or_404(self.get_queryset(), key=key)).data)

    @extend_schema(request=NewAssetSerializer, responses={201: AssetSerializer})
    def create(self, request: Request) -> Response:
        """Make an asset with its draft, in a collection one is an author of."""
        user = signed_in(request)
        given = valid(NewAssetSerializer, request)
        require_collection(user, given["collection"])
        asset = create_asset(actor=user, owner=user, **given)
        return Response(AssetSerializer(self.get_queryset().get(pk=asset.pk)).data, status.HTTP_201_CREATED)

    @extend_schema(request=AssetChangeSerializer, responses=AssetSerializer)
    def partial_update(self, request: Request, key: str) -> Response:
        """Say who keeps it and until when, retire it or put it back. Its text is its draft's."""
        user = signed_in(request)
        asset = asset_for_edit(user, key)
        given = valid(AssetChangeSerializer, request)
        if "owner" in given:
            set_owner(actor=user, asset_ids=[asset.pk], owner=given["owner"])
        if "review_by" in given:
            set_review_by(actor=user, asset_ids=[asset.pk], review_by=given["review_by"])
        if "retired" in given:
            (retire_asset if given["retired"] else restore_asset)(actor=user, asset_id=asset.pk)
        return Response(AssetSerializer(self.get_queryset().get(pk=asset.pk)).data)


@extend_schema(tags=["library"])
class DraftView(APIView):
    """The working copy of an asset."""

    permission_classes = (SignedIn,)

    @extend_schema(responses=DraftSerializer)
    def get(self, request: Request, key: str) -> Response:
        """The text, its edit counter, and what the gates say of it."""
        return self._answer(asset_for_reading_draft(signed_in(request), key))

    @extend_schema(request=DraftChangeSerializer, responses=DraftSerializer)
    def put(self, request: Request, key: str) -> Response:
        """Save the text. Changes of two people are merged; 409 with both when they are at the same place."""
        user = signed_in(request)
        asset = asset_for_edit(user, key)
        try:
            save_draft(actor=user, asset_id=asset.pk, **valid(DraftChangeSerializer, request))
        except DraftMoved as moved:
            return moved_response(moved)
        return self._answer(asset)

    def _answer(self, asset: Asset) -> Response:
        draft = Draft.objects.select_related("asset", "based_on").get(pk=asset.pk)
        draft.findings = run_gates(candidate_of_draft(asset, draft.source))  # type: ignore[attr-defined]
        return Response(DraftSerializer(draft).data)


@extend_schema(tags=["library"])
class WhereUsedView(APIView):
    """Where an asset is used."""

    permission_classes = (SignedIn,)

    @extend_schema(responses=UseSerializer(many=True))
    def get(self, request: Request, key: str) -> Response:
        """The assets whose newest versions hold, link or include this one."""
        asset = asset_for_reading_draft(signed_in(request), key)
        return Response(UseSerializer(where_used(asset.pk), many=True).data)


@extend_schema(tags=["library"])
class VersionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Version]):
    """Versions of the assets whose drafts one may read. They never change."""

    permission_classes = (SignedIn,)
    queryset = Version.objects.none()
    serializer_class = VersionSerializer
    filterset_class = VersionFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Version]:
        if getattr(self, "swagger_fake_view", False):
            return Version.objects.none()
        readable = assets_for_reading(signed_in(self.request))
        found = Version.objects.filter(asset__in=readable).select_related("asset", "author")
        return found.defer("source", "text").order_by("-created_at", "-pk")

    def _version(self, pk: str) -> Version:
        return get_object_or_404(self.get_queryset(), pk=int(pk))

    @extend_schema(responses=VersionDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One version with its text."""
        return Response(VersionDetailSerializer(self._version(pk)).data)

    @extend_schema(request=NewVersionSerializer, responses={200: VersionSerializer, 201: VersionSerializer})
    def create(self, request: Request) -> Response:
        """Make the draft a version. 200 with the newest version when nothing changed, 409 when the draft moved."""
        user = signed_in(request)
        given = valid(NewVersionSerializer, request)
        asset = asset_for_edit(user, given.pop("asset"))
        before = asset.versions.count()
        try:
            version = save_version(actor=user, asset_id=asset.pk, **given)
        except DraftMoved as moved:
            return moved_response(moved)
        made = asset.versions.count() > before
        code = status.HTTP_201_CREATED if made else status.HTTP_200_OK
        return Response(VersionSerializer(self._version(str(version.pk))).data, code)

    @extend_schema(responses=FindingSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def findings(self, request: Request, pk: str) -> Response:
        """What the gates say of it, waived findings too."""
        found: list[Finding] = run_gates_on_version(self._version(pk).pk)
        return Response(FindingSerializer(found, many=True).data)

    @extend_schema(request=WaiverSerializer, responses={201: WaiverSerializer})
    @action(detail=True, methods=["post"])
    def waivers(self, request: Request, pk: str) -> Response:
        """Let a gate's findings pass for this version, with a reason."""
        user = signed_in(request)
        version = self._version(pk)
        waiver = waive_gate(actor=user, version_id=version.pk, **valid(WaiverSerializer, request))
        return Response(WaiverSerializer(waiver).data, status.HTTP_201_CREATED)
