"""Channels, targets and deliveries over REST, for operators. Secrets go in and never come out."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from delivery.actions.channels import add_channel, change_channel, set_channel_secret
from delivery.actions.deliveries import send_again
from delivery.actions.targets import add_target, change_target, sync_personal_targets
from delivery.models import Channel, Delivery, Target
from delivery.queries.ledger import with_places
from delivery.rest.channel_serializers import (
    ChannelChangeSerializer,
    ChannelSerializer,
    DeliverySerializer,
    NewChannelSerializer,
    NewTargetSerializer,
    SecretSerializer,
    SyncedSerializer,
    TargetChangeSerializer,
    TargetSerializer,
)
from delivery.rest.filters import DeliveryFilter, TargetFilter
from people.capabilities import Capability
from people.policies import signed_in
from people.rest.permissions import needs

_OPERATORS = needs(read=[Capability.OPERATE], write=[Capability.OPERATE])


class ChannelViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Channel]):
    """Kinds with credentials: a Slack workspace, the mail sender, a webhook subscriber."""

    permission_classes = (_OPERATORS,)
    queryset = Channel.objects.order_by("name", "pk")
    serializer_class = ChannelSerializer
    lookup_field = "key"
    filterset_fields: ClassVar = ["kind", "enabled"]

    @extend_schema(request=NewChannelSerializer, responses={201: ChannelSerializer})
    def create(self, request: Request) -> Response:
        """Add a channel."""
        given = _valid(NewChannelSerializer, request)
        channel = add_channel(actor=signed_in(request), **given)
        return Response(ChannelSerializer(channel).data, status.HTTP_201_CREATED)

    @extend_schema(request=ChannelChangeSerializer, responses=ChannelSerializer)
    def partial_update(self, request: Request, key: str) -> Response:
        """Rename a channel, or switch it off or on."""
        given = _valid(ChannelChangeSerializer, request)
        channel = change_channel(actor=signed_in(request), channel_id=self.get_object().pk, **given)
        return Response(ChannelSerializer(channel).data)

    @extend_schema(request=SecretSerializer, responses={204: None})
    @action(detail=True, methods=["put"], url_path="secret")
    def secret(self, request: Request, key: str) -> Response:
        """Replace the secret. It cannot be read again."""
        given = _valid(SecretSerializer, request)
        set_channel_secret(actor=signed_in(request), channel_id=self.get_object().pk, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=SyncedSerializer)
    @action(detail=True, methods=["post"], url_path="sync")
    def sync(self, request: Request, key: str) -> Response:
        """Give every active person with an address a place, now instead of within a minute."""
        return Response(SyncedSerializer(sync_personal_targets(channel_id=self.get_object().pk)).data)


class TargetViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Target]):
    """Places in channels: one person's, or one that stands for a team, a region, everybody."""

    permission_classes = (_OPERATORS,)
    queryset = Target.objects.select_related("channel", "person").order_by("pk")
    serializer_class = TargetSerializer
    filterset_class = TargetFilter
    lookup_value_regex = "[0-9]+"

    @extend_schema(request=NewTargetSerializer, responses={201: TargetSerializer})
    def create(self, request: Request) -> Response:
        """Add a place; what it should show is sent there at once."""
        given = _valid(NewTargetSerializer, request)
        channel, person = given.pop("channel"), given.pop("person", None)
        target = add_target(
            actor=signed_in(request), channel_id=channel.pk, person_id=person.pk if person else None, **given
        )
        return Response(TargetSerializer(target).data, status.HTTP_201_CREATED)

    @extend_schema(request=TargetChangeSerializer, responses=TargetSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change whom a shared place stands for, or switch a place off or on."""
        given = _valid(TargetChangeSerializer, request)
        target = change_target(actor=signed_in(request), target_id=self.get_object().pk, **given)
        return Response(TargetSerializer(target).data)


class DeliveryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Delivery]):
    """The ledger: one decided state of one asset at one place, and what became of it."""

    permission_classes = (_OPERATORS,)
    queryset = Delivery.objects.none()
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Delivery]:
        return with_places(Delivery.objects.order_by("-pk")).defer("version__source", "version__text")

    @extend_schema(request=None, responses={201: DeliverySerializer})
    @action(detail=True, methods=["post"], url_path="send-again")
    def send_again(self, request: Request, pk: str) -> Response:
        """Send what failed or is unknown once more, as a new epoch."""
        new = send_again(actor=signed_in(request), delivery_id=self.get_object().pk)
        return Response(DeliverySerializer(self.get_queryset().get(pk=new.pk)).data, status.HTTP_201_CREATED)


def _valid(serializer: type[Any], request: Request) -> dict[str, Any]:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
