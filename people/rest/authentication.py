"""Bearer tokens for the REST API."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from people.models import ApiToken, User
from people.models.token import token_digest

_USE_NOTED_EVERY = timedelta(minutes=5)  # "last used" is for people, one write per request would be for nobody


class BearerTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer lo_…`. 1 query, and one write when the last noted use is over 5 minutes old."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, given = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        token = (
            ApiToken.objects.select_related("user")
            .filter(digest=token_digest(given.decode("latin-1").strip()), revoked_at=None, user__is_active=True)
            .first()
        )
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, revoked, or its person is deactivated."))
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > _USE_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
