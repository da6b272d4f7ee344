"""What lists of people and of the audit trail can be narrowed by."""

import django_filters

from people.models import AuditEntry, Team, User


class PersonFilter(django_filters.FilterSet):
    team = django_filters.CharFilter(field_name="team__key")
    group = django_filters.CharFilter(field_name="groups__name", distinct=True)
    active = django_filters.BooleanFilter(field_name="is_active")

    class Meta:
        model = User
        fields = ("team", "job_role", "region", "locale", "group", "active")


class TeamFilter(django_filters.FilterSet):
    parent = django_filters.CharFilter(field_name="parent__key")
    top = django_filters.BooleanFilter(field_name="parent", lookup_expr="isnull", label="Only the top of the tree.")

    class Meta:
        model = Team
        fields = ("parent", "top")


class AuditFilter(django_filters.FilterSet):
    actor = django_filters.CharFilter(field_name="actor__username")
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = AuditEntry
        fields = ("actor", "action", "object_type", "object_key", "since", "until")
