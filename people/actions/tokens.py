"""Give and take API tokens."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.actions.audit import write_audit
from people.models import ApiToken, User
from people.models.token import new_token, token_digest


@transaction.atomic
def create_token(*, actor: User | None, user: User, name: str) -> tuple[ApiToken, str]:
    """A new token that acts as `user`. Returns the row and the token itself, which cannot be shown again.

    Raises ValidationError for a deactivated person or an empty name. Locks nothing. 2 queries.
    """
    if not user.is_active:
        raise ValidationError(_("%(person)s is deactivated."), params={"person": str(user)})
    token = new_token()
    row = ApiToken(user=user, name=name.strip(), digest=token_digest(token))
    row.clean_fields(exclude={"user", "digest"})
    row.save(force_insert=True)
    write_audit(
        actor=actor,
        action="token.created",
        object_type="token",
        object_key=str(row.pk),
        data={"user_id": user.pk},
    )
    return row, token


@transaction.atomic
def revoke_token(*, actor: User | None, token_id: int) -> ApiToken:
    """Stop a token from working, at once and for good. Locks its row. 3 queries; 1 when it was revoked before."""
    row = ApiToken.objects.select_for_update().get(pk=token_id)
    if row.revoked_at is not None:
        return row
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    write_audit(
        actor=actor,
        action="token.revoked",
        object_type="token",
        object_key=str(row.pk),
        data={"user_id": row.user_id},
    )
    return row
