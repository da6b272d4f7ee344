"""What a person may do. Capabilities are given to groups (DESIGN.md, "Who may do what")."""

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Capability(StrEnum):
    """One thing a person may do. Opening what is decided for one, answering and flagging need none."""

    SUGGEST = "suggest"
    REVIEW = "review"
    SEE_ANSWERS = "see_answers"
    EDIT = "edit"  # see drafts and gates, edit, save versions
    RELEASE = "release"  # to a pilot; roll back; kill
    RELEASE_ALL = "release_all"
    WAIVE = "waive"
    EDIT_AUDIENCES = "edit_audiences"
    FIGURES_BY_PERSON = "figures_by_person"  # of one's own people
    FIGURES_BY_TEAM = "figures_by_team"
    OBSERVE = "observe"
    OPERATE = "operate"  # people, channels, credentials, retention, erasure
    ALL_COLLECTIONS = "all_collections"  # edit, review and release outside one's own collections


LABELS: Final = {
    Capability.SUGGEST: _("suggest edits"),
    Capability.REVIEW: _("review suggestions and flags"),
    Capability.SEE_ANSWERS: _("see right answers"),
    Capability.EDIT: _("edit and save versions"),
    Capability.RELEASE: _("release to some, roll back, kill"),
    Capability.RELEASE_ALL: _("release to everyone"),
    Capability.WAIVE: _("waive a gate"),
    Capability.EDIT_AUDIENCES: _("edit audiences"),
    Capability.FIGURES_BY_PERSON: _("see figures by person"),
    Capability.FIGURES_BY_TEAM: _("see figures by team"),
    Capability.OBSERVE: _("observe and sign off"),
    Capability.OPERATE: _("manage people, channels and credentials"),
    Capability.ALL_COLLECTIONS: _("work in every collection"),
}

# The groups a new installation starts with. Operators may change them; code asks for capabilities, never groups.
DEFAULT_GROUPS: Final[dict[str, frozenset[Capability]]] = {
    "Learners": frozenset(),
    "SMEs": frozenset({Capability.SUGGEST, Capability.REVIEW, Capability.OBSERVE}),
    "Authors": frozenset(
        {
            Capability.SUGGEST,
            Capability.REVIEW,
            Capability.SEE_ANSWERS,
            Capability.EDIT,
            Capability.RELEASE,
            Capability.FIGURES_BY_TEAM,
        }
    ),
    "Leads": frozenset(
        {
            Capability.SUGGEST,
            Capability.REVIEW,
            Capability.SEE_ANSWERS,
            Capability.EDIT,
            Capability.RELEASE,
            Capability.RELEASE_ALL,
            Capability.WAIVE,
            Capability.EDIT_AUDIENCES,
            Capability.FIGURES_BY_TEAM,
            Capability.ALL_COLLECTIONS,
        }
    ),
    "Managers": frozenset(
        {
            Capability.SUGGEST,
            Capability.FIGURES_BY_PERSON,
            Capability.FIGURES_BY_TEAM,
            Capability.OBSERVE,
        }
    ),
    "Operators": frozenset({Capability.OPERATE}),
}

ADMIN_CAPABILITIES: Final = frozenset({Capability.EDIT, Capability.OPERATE, Capability.EDIT_AUDIENCES})
