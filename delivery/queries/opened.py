"""What a person may open, by the key in an address."""

from dataclasses import dataclass

from django.db import connection

from delivery.queries.resolve import Decisions, Resolved, decide_all
from flags.queries import EPOCH_COLUMNS
from people.models import User


def asset_path(key: str) -> str:
    """Where an asset is opened. Written out: a page of links would spend its time in reversing them."""
    return f"/a/{key}/"


def pathway_path(key: str) -> str:
    """Where a pathway is opened."""
    return f"/paths/{key}/"


_FIND = f"""
SELECT {EPOCH_COLUMNS}, found.id, found.key FROM (SELECT) one LEFT JOIN LATERAL (
    SELECT a.id, a.key FROM assets_asset a WHERE a.key = %(key)s
    UNION ALL
    SELECT a.id, a.key FROM assets_assetalias f JOIN assets_asset a ON a.id = f.asset_id WHERE f.key = %(key)s
    LIMIT 1
) found ON TRUE
"""  # noqa: S608  a constant


@dataclass(frozen=True, slots=True)
class Opened:
    """An asset that is open to the person: its id, its present key, and the decision."""

    asset_id: int
    key: str
    resolved: Resolved
    decisions: Decisions  # the person's other assets, decided when they are asked for


def find_open(person: User, key: str) -> Opened | None:
    """The asset with that key or former key, if the person's decision opens it. 3 queries at most.

    None both for an asset that is closed to them and for one that does not exist: nobody can tell which.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"key": key})
        *epoch, asset_id, present_key = cursor.fetchone()
    if asset_id is None:
        return None
    decisions = decide_all(person, (epoch[0], epoch[1]))
    resolved = decisions.get(asset_id)
    return Opened(asset_id, present_key, resolved, decisions) if resolved else None
