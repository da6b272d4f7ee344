"""The record: every statement once, append-only, and its dictionaries.

`statement_id` says which ids are taken, over all months. `statement` is partitioned by month of `stored`. Both are
made by SQL (migration 0002) and refuse UPDATE and DELETE. Statements have no foreign keys: they outlive what they
name, and five look-ups a row cost a quarter of the ingest (docs/adr/0004).
"""

import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExactJSONField(models.JSONField):
    """PostgreSQL's `json`: text that is kept as it was written. Read as text, since the driver would decode it."""

    def db_type(self, connection: Any) -> str:
        return "json"

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"({sql})::text", params

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(value)


class StatementId(models.Model):
    """The ledger of ids: what makes a statement be stored exactly once, whatever month it is sent again in."""

    id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()  # the order of arrival
    stored = models.DateTimeField()
    payload_hash = models.BinaryField(max_length=32)  # telemetry.xapi.canonical

    class Meta:
        db_table = "telemetry_statement_id"


class Statement(models.Model):
    """One xAPI statement: the columns that are asked for, and `raw` exactly as it was sent or built."""

    seq = models.BigIntegerField(primary_key=True)  # in the database the key is (stored, seq)
    id = models.UUIDField()
    stored = models.DateTimeField()
    at = models.DateTimeField()  # `timestamp` of the statement
    actor_id = models.UUIDField()
    verb_id = models.UUIDField()
    object_id = models.UUIDField()
    asset_id = models.BigIntegerField(null=True)
    version_id = models.BigIntegerField(null=True)
    check_id = models.BigIntegerField(null=True)
    release_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)  # of the actor at the time
    kind = models.CharField(max_length=8)  # view, click, answer, rating, flag, other
    channel = models.CharField(max_length=20)
    right = models.BooleanField(null=True)
    score = models.FloatField(null=True)  # 0 to 1
    duration_s = models.FloatField(null=True)
    attempt = models.IntegerField(null=True)  # of this person on this content of the check, counted answers only
    claimed = models.BooleanField()  # a client says so; recorded, never counted
    raw = ExactJSONField()

    class Meta:
        db_table = "telemetry_statement"


class Verb(models.Model):
    """A verb that some statement uses."""

    id = models.UUIDField(primary_key=True)  # UUID 5 of the IRI
    iri = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.iri


class Activity(models.Model):
    """A thing that some statement is about."""

    id = models.UUIDField(primary_key=True)  # UUID 5 of the IRI
    iri = models.TextField(unique=True)
    type = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.iri


class Actor(models.Model):
    """Who a pseudonym is. The one table that says so: without its row, statements name nobody."""

    id = models.UUIDField(primary_key=True)  # of our own people: the pseudonym; else UUID 5 of the account
    account = models.TextField()  # name of the account, as statements carry it
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )

    def __str__(self) -> str:
        return self.account


class TrailMark(models.Model):
    """How far the audit trail has been followed: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    transaction_id = models.BigIntegerField(default=0)
    entry_id = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="trail_mark_is_one")]
