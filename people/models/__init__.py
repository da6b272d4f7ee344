from people.models.attribute import AttributeDefinition
from people.models.audit import AuditEntry
from people.models.token import ApiToken
from people.models.user import GroupCapability, Team, User

__all__ = ["ApiToken", "AttributeDefinition", "AuditEntry", "GroupCapability", "Team", "User"]
