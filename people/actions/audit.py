"""Write the audit trail."""

from typing import Any

from people.models import AuditEntry, User


def write_audit(
    *, actor: User | None, action: str, object_type: str, object_key: str, data: dict[str, Any] | None = None
) -> AuditEntry:
    """Record one thing that was done, inside the caller's transaction.

    Args:
        actor: who did it; None for the system itself.
        action: dotted verb in the past, "release.rolled_back".
        object_type, object_key: the thing, "release" and "42".
        data: JSON facts about it. Ids, numbers and short words; never secrets or free text of learners.

    1 query. The row commits or vanishes with the change it describes.
    """
    return AuditEntry.objects.create(
        actor=actor, action=action, object_type=object_type, object_key=object_key, data=data or {}
    )
