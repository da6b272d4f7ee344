"""The words of our xAPI profile: verbs, activity types, extensions (docs/xapi-profile.md).

Verbs that xAPI's community already has keep their IRIs; the others are URNs of ours. Ids of dictionary rows are
made from the IRI (UUID version 5), so that nobody has to ask the database for them.
"""

import uuid
from functools import lru_cache
from typing import Final

_ADL: Final = "http://adlnet.gov/expapi"

VERBS: Final[dict[str, str]] = {
    "experienced": f"{_ADL}/verbs/experienced",  # a view
    "interacted": f"{_ADL}/verbs/interacted",  # a click
    "answered": f"{_ADL}/verbs/answered",
    "rated": "http://id.tincanapi.com/verb/rated",  # "useful?"
    "released": "urn:learningops:verb:released",
    "widened": "urn:learningops:verb:widened",
    "killed": "urn:learningops:verb:killed",
    "revived": "urn:learningops:verb:revived",
    "rolled_back": "urn:learningops:verb:rolled-back",
    "archived": "urn:learningops:verb:archived",
    "delivered": "urn:learningops:verb:delivered",
    "nudged": "urn:learningops:verb:nudged",
}

# What a statement moves in the rollups, by verb. Verbs that are not here are recorded and move nothing.
KINDS: Final[dict[str, str]] = {
    VERBS["experienced"]: "view",
    VERBS["interacted"]: "click",
    VERBS["answered"]: "answer",
    VERBS["rated"]: "rating",
    "urn:learningops:verb:review_flag.raised": "flag",
}

TYPES: Final[dict[str, str]] = {
    "asset": f"{_ADL}/activities/lesson",
    "check": f"{_ADL}/activities/cmi.interaction",
    "release": "urn:learningops:type:release",
}

VERSION: Final = "urn:learningops:extension:version"  # number of the version, as people say it
VERSION_ID: Final = "urn:learningops:extension:version-id"
CHECK_KEY: Final = "urn:learningops:extension:check"
RELEASE: Final = "urn:learningops:extension:release"
DECISION: Final = "urn:learningops:extension:decision"  # reason code: why this person got this version
CLAIMED: Final = "urn:learningops:extension:claimed"  # true: a client says so; recorded, never counted
DATA: Final = "urn:learningops:extension:data"  # facts of an audit entry


def verb_iri(name: str) -> str:
    """The IRI of a verb by its short name; an audit action ("asset.version_saved") makes one of ours."""
    return VERBS.get(name) or f"urn:learningops:verb:{name}"


def verb_display(name: str) -> str:
    """A verb in words: "review_flag.raised" reads "raised"."""
    return name.rpartition(".")[2].replace("_", " ")


def type_iri(object_type: str) -> str:
    """The activity type of a kind of thing: "asset", "check", "release", or any other word of ours."""
    return TYPES.get(object_type) or f"urn:learningops:type:{object_type}"


def activity_iri(site: str, object_type: str, key: int | str) -> str:
    """The IRI of a thing of this site, by its lasting id: "urn:learningops:site:asset:42"."""
    return f"{site}:{object_type}:{key}"


@lru_cache(maxsize=4096)
def dictionary_id(iri: str) -> uuid.UUID:
    """The id of a verb or an activity in the dictionaries: UUID version 5 of its IRI (RFC 9562, 5.5)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, iri)
