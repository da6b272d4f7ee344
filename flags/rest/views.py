"""Audiences and flags over REST. Flags are changed through releases, which know the content and the channels."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from flags.actions.audiences import create_audience, update_audience
from flags.models import Audience, Flag
from flags.policies import audience_for_edit, audiences_for, flags_for, require_preview
from flags.queries import preview
from flags.rest.filters import AudienceFilter, FlagFilter
from flags.rest.serializers import (
    AudienceChangeSerializer,
    AudienceDetailSerializer,
    AudienceSerializer,
    FlagSerializer,
    NewAudienceSerializer,
    PreviewSerializer,
    RuleSerializer,
)
from people.capabilities import Capability
from people.models import User
from people.policies import require
from people.rest.permissions import SignedIn


def reader(request: Request) -> User:
    """Who asks; `SignedIn` has let nobody else through."""
    if not isinstance(request.user, User):
        raise TypeError("The view needs the SignedIn permission.")
    return request.user


class AudienceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Audience]):
    """Rules over people, named and shared or made for one flag."""

    permission_classes = (SignedIn,)
    queryset = Audience.objects.none()
    filterset_class = AudienceFilter
    lookup_value_regex = "[0-9]+"
    serializer_class = AudienceSerializer

    def get_queryset(self) -> QuerySet[Audience]:
        return audiences_for(reader(self.request))

    @extend_schema(responses=AudienceDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One audience with its rule in words."""
        return Response(AudienceDetailSerializer(self.get_object()).data)

    @extend_schema(request=NewAudienceSerializer, responses={201: AudienceDetailSerializer})
    def create(self, request: Request) -> Response:
        """Make an audience."""
        user = reader(request)
        require(user, Capability.EDIT_AUDIENCES)
        given = NewAudienceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        audience = create_audience(actor=user, **given.validated_data)
        return Response(AudienceDetailSerializer(audience).data, status.HTTP_201_CREATED)

    @extend_schema(request=AudienceChangeSerializer, responses=AudienceDetailSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename an audience or change its rule. Every flag that uses it follows at once."""
        user = reader(request)
        audience = audience_for_edit(user, int(pk))
        given = AudienceChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        audience = update_audience(actor=user, audience_id=audience.pk, **given.validated_data)
        return Response(AudienceDetailSerializer(audience).data)

    @extend_schema(request=RuleSerializer, responses=PreviewSerializer)
    @action(detail=False, methods=["post"], url_path="preview", filterset_class=None, pagination_class=None)
    def preview(self, request: Request) -> Response:
        """What a rule would take in: in words, in number, by example. Changes nothing."""
        user = reader(request)
        require_preview(user)
        given = RuleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(PreviewSerializer(preview(user, given.validated_data["rule"])).data)


class FlagViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Flag]):
    """Flags with their audiences, to look at. To change one, change its release."""

    permission_classes = (SignedIn,)
    queryset = Flag.objects.none()
    filterset_class = FlagFilter
    lookup_value_regex = "[0-9]+"
    serializer_class = FlagSerializer

    def get_queryset(self) -> QuerySet[Flag]:
        return flags_for(reader(self.request))
