"""What lists of people and of the audit trail can be narrowed by."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from people.models import AuditEntry, Team, User


class MomentFilter(django_filters.IsoDateTimeFilter):
    """An ISO 8601 moment, asked for in UTC: PostgreSQL takes no offset of 16 hours or more, the standard does."""

    def filter(self, qs: Any, value: datetime | None) -> Any:
        try:
            return super().filter(qs, value and value.astimezone(UTC))
        except OverflowError:
            said = _("“%(value)s” is out of range.") % {"value": value}
            raise ValidationError({str(self.field_name): [said]}) from None


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
    since = MomentFilter(field_name="at", lookup_expr="gte")
    until = MomentFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = AuditEntry
        fields = ("actor", "action", "object_type", "object_key", "since", "until")
