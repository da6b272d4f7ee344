"""Administration of people, and the base of every admin page of the product."""

from people.admin.access import AuditAdmin, TokenAdmin
from people.admin.capability import CapabilityAdmin
from people.admin.organisation import AttributeAdmin, GroupAdmin, TeamAdmin
from people.admin.people import PersonAdmin

__all__ = [
    "AttributeAdmin",
    "AuditAdmin",
    "CapabilityAdmin",
    "GroupAdmin",
    "PersonAdmin",
    "TeamAdmin",
    "TokenAdmin",
]
