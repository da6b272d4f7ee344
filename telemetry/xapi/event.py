"""What an app reports, before it is a statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened.

    `verb`: a short name of telemetry.xapi.vocabulary ("experienced" a view, "interacted" a click, "answered",
    "rated", "released", …). `right` and `score` (0 to 1): the grade of an answer; for "rated" 1 says useful and 0
    says not. `claimed`: a client says so and the server did not see it; recorded, never counted. `id`: given again,
    the event is the same one; without, a new id is made. `at` defaults to now.
    """

    verb: str
    person_id: int | None = None
    version_id: int | None = None
    check_id: int | None = None
    check_key: str = ""
    response: Mapping[str, Any] | None = None
    right: bool | None = None
    score: float | None = None
    duration_s: float | None = None
    channel: str = "portal"
    claimed: bool = False
    decision: str = ""
    release_id: int | None = None
    at: datetime | None = None
    id: UUID | None = None
    # For what is about neither an asset nor a check: ("channel", "slack-main"), and facts about it.
    about: tuple[str, str] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the builder must know of the things an event names: the actor's pseudonym, the asset and version number."""

    account: str
    asset_id: int | None = None
    version_number: int | None = None
