"""Shapes of channels, targets and deliveries in the API."""

from typing import Any

from rest_framework import serializers

from delivery.models import Channel, Delivery, Target
from people.models import User


class ChannelSerializer(serializers.ModelSerializer[Channel]):
    """A channel; of its secret only whether it is set."""

    has_secret = serializers.SerializerMethodField()

    class Meta:
        model = Channel
        fields = ("key", "kind", "name", "enabled", "has_secret", "created_at")

    def get_has_secret(self, channel: Channel) -> bool:
        return bool(channel.secret)


class NewChannelSerializer(serializers.Serializer[Any]):
    key = serializers.SlugField(max_length=60)
    kind = serializers.ChoiceField(choices=Channel.Kind.choices)
    name = serializers.CharField(max_length=120)
    secret = serializers.CharField(max_length=400, required=False, write_only=True)


class ChannelChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False)
    enabled = serializers.BooleanField(required=False)


class SecretSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(max_length=400, write_only=True)


class SyncedSerializer(serializers.Serializer[Any]):
    """What a synchronisation changed; `taken` counts people whose address is somebody else's place."""

    added = serializers.IntegerField()
    moved = serializers.IntegerField()
    taken = serializers.IntegerField()


def context_field(**options: Any) -> serializers.DictField:
    """Whom a shared place stands for: `team` (key), `region`, `locale`, `job_role`; what is left out is anything."""
    return serializers.DictField(child=serializers.CharField(max_length=120), **options)


class TargetSerializer(serializers.ModelSerializer[Target]):
    channel = serializers.CharField(source="channel.key")
    person = serializers.CharField(source="person.username", default=None)
    context = context_field()  # type: ignore[assignment]  # a field, as the model calls it

    class Meta:
        model = Target
        fields = ("id", "channel", "address", "person", "context", "enabled", "unsubscribed_at")


class NewTargetSerializer(serializers.Serializer[Any]):
    channel = serializers.SlugRelatedField(slug_field="key", queryset=Channel.objects.all())
    address = serializers.CharField(max_length=500)
    person = serializers.SlugRelatedField(slug_field="username", queryset=User.objects.all(), required=False)
    context = context_field(required=False)  # type: ignore[assignment]


class TargetChangeSerializer(serializers.Serializer[Any]):
    context = context_field(required=False)  # type: ignore[assignment]
    enabled = serializers.BooleanField(required=False)


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One delivery. `version` is null where something was taken away."""

    asset = serializers.CharField(source="lane.asset.key")
    channel = serializers.CharField(source="lane.target.channel.key")
    kind = serializers.CharField(source="lane.target.channel.kind")
    target = serializers.IntegerField(source="lane.target_id")
    address = serializers.CharField(source="lane.target.address")
    version = serializers.IntegerField(source="version.number", default=None)

    class Meta:
        model = Delivery
        fields = (
            "id",
            "asset",
            "channel",
            "kind",
            "target",
            "address",
            "epoch",
            "version",
            "release",
            "state",
            "attempts_made",
            "next_attempt_at",
            "created_at",
            "settled_at",
            "problem",
        )
