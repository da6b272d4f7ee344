"""The audit trail: what was done, by whom, in the same transaction as the change itself."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    _BigInteger = models.BigIntegerField[int, int]
else:
    _BigInteger = models.BigIntegerField


class TransactionIdField(_BigInteger):
    """PostgreSQL's `xid8`: the 64-bit id of the transaction that wrote the row."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str | None:
        # There is no cast from bigint to xid8; an untyped literal takes the column's type.
        prepared_value = super().get_db_prep_value(value, connection, prepared)
        return None if prepared_value is None else str(prepared_value)


class CurrentTransactionId(models.Func):
    """`pg_current_xact_id()`, as the default of `AuditEntry.transaction_id`."""

    function = "pg_current_xact_id"
    arity = 0
    output_field = TransactionIdField()


class AuditEntry(models.Model):
    """One thing that was done. Append-only: the database refuses an update or a delete.

    Serial ids commit out of order, so a reader that follows the trail (telemetry's watermark) goes by
    `(transaction_id, id)` and stops below `pg_snapshot_xmin(pg_current_snapshot())`.
    """

    at = models.DateTimeField(_("at"), db_default=Now())
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"), db_index=False
    )
    action = models.CharField(_("action"), max_length=60)  # "asset.version_saved"
    object_type = models.CharField(_("kind of thing"), max_length=40)  # "asset"
    object_key = models.CharField(_("thing"), max_length=200)  # "refunds/partial-refund"
    data = models.JSONField(_("details"), default=dict)  # ids and facts; never secrets
    transaction_id = TransactionIdField(db_default=CurrentTransactionId(), editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=("transaction_id", "id"), name="audit_by_transaction"),  # the watermark's order
            models.Index(
                fields=("object_type", "object_key", "-id"), name="audit_by_object"
            ),  # "What happened" of one thing
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_key}"
