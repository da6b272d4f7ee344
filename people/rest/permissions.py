"""Permissions of the API: who may read and who may write, by capability."""

from collections.abc import Collection
from typing import ClassVar

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from people.capabilities import Capability
from people.models import User
from people.policies import require


class SignedIn(BasePermission):
    """Any signed-in person. What they find is narrowed by the policies of each endpoint."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, User)


class CapabilityPermission(SignedIn):
    """One of `read` for GET, HEAD and OPTIONS, one of `write` for the rest; None asks for none. See `needs`."""

    read: ClassVar[Collection[Capability] | None] = None
    write: ClassVar[Collection[Capability] | None] = None

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not isinstance(user, User):
            return False
        wanted = self.read if request.method in SAFE_METHODS else self.write
        if wanted is not None and not user.capabilities & set(wanted):
            require(user, next(iter(wanted)))  # raises, naming what is missing
        return True


def needs(
    *, read: Collection[Capability] | None = None, write: Collection[Capability] | None
) -> type[CapabilityPermission]:
    """A permission class: one of these capabilities for reading (None: any signed-in person) and for writing.

    The first one named is the one that the refusal speaks of.
    """
    return type("NeedsCapability", (CapabilityPermission,), {"read": read, "write": write})
