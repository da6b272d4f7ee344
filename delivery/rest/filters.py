"""What lists of targets and deliveries can be narrowed by."""

import django_filters

from delivery.models import Delivery, Target


class TargetFilter(django_filters.FilterSet):
    channel = django_filters.CharFilter("channel__key")
    person = django_filters.CharFilter("person__username")
    shared = django_filters.BooleanFilter("person", lookup_expr="isnull")

    class Meta:
        model = Target
        fields = ("channel", "person", "shared", "address", "enabled")


class DeliveryFilter(django_filters.FilterSet):
    asset = django_filters.CharFilter("lane__asset__key")
    channel = django_filters.CharFilter("lane__target__channel__key")
    kind = django_filters.CharFilter("lane__target__channel__kind")
    target = django_filters.NumberFilter("lane__target")

    class Meta:
        model = Delivery
        fields = ("asset", "channel", "kind", "target", "release", "state")
