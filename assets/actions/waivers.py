"""Let a blocking finding pass, with a reason."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assets.gates import gate_named
from assets.models import Version, Waiver
from people.actions.audit import write_audit
from people.capabilities import Capability
from people.models import User
from people.policies import require


def waive_gate(*, actor: User, version_id: int, gate: str, reason: str) -> Waiver:
    """Let one gate's findings on one version pass. The next version is asked again.

    Raises PermissionDenied unless the actor may waive gates, ValidationError for a gate that does not exist or a
    reason that is missing. Waiving twice keeps the first waiver. Locks nothing. 4 queries.
    """
    require(actor, Capability.WAIVE)
    reason = reason.strip()
    if gate_named(gate) is None:
        raise ValidationError(_("There is no gate “%(gate)s”.") % {"gate": gate})
    if len(reason) < 10:
        raise ValidationError(_("Say why this may be released all the same, in a sentence: it is kept for good."))
    with transaction.atomic():
        version = Version.objects.select_related("asset").only("number", "asset__key").get(pk=version_id)
        waiver, made = Waiver.objects.get_or_create(
            version=version, gate=gate, defaults={"reason": reason, "by": actor}
        )
        if made:
            data = {
                "asset": version.asset.key, "asset_id": version.asset_id, "version": version.number,
                "version_id": version.pk, "gate": gate, "reason": reason,
            }  # fmt: skip
            write_audit(actor=actor, action="gate.waived", object_type="asset", object_key=version.asset.key, data=data)
    return waiver
