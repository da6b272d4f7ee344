"""Targets and what they should show: the wanted state of lanes, compared with the lanes, as SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from delivery.models import Target
from delivery.queries.stack import decide_for_context, decided_sql

Sql = tuple[str, list[Any]]

_IN_USE = "t.enabled AND t.unsubscribed_at IS NULL AND c.enabled"


@dataclass(frozen=True, slots=True)
class Batch:
    """Personal targets `after < id <= upto`; `full` when there may be more behind them."""

    after: int
    upto: int
    full: bool


def personal_batch(after: int, size: int) -> Batch:
    """The next `size` personal targets in use, by id. 1 query."""
    sql = f"""
        SELECT max(id), count(*) FROM (
            SELECT t.id FROM delivery_target t JOIN delivery_channel c ON c.id = t.channel_id
            WHERE t.id > %s AND t.person_id IS NOT NULL AND {_IN_USE} ORDER BY t.id LIMIT %s
        ) batch
    """  # noqa: S608  a constant of ours
    with connection.cursor() as cursor:
        cursor.execute(sql, [after, size])
        upto, count = cursor.fetchone()
    return Batch(after=after, upto=upto or after, full=count == size)


def personal_wanted_sql(asset_id: int, batch: Batch | None = None) -> Sql:
    """What each personal target should show of one asset: rows `target_id, kind, version_id, release_id`.

    A personal target follows its person's decision. `version_id` is NULL where the person gets nothing.
    Costs the queries of `decided_sql`.
    """
    decided, params = decided_sql(asset_id)
    within, more = ("AND t.id > %s AND t.id <= %s", [batch.after, batch.upto]) if batch else ("", [])
    sql = f"""
        SELECT t.id AS target_id, c.kind, d.version_id, d.release_id
        FROM delivery_target t JOIN delivery_channel c ON c.id = t.channel_id
        LEFT JOIN ({decided}) d ON d.person_id = t.person_id
        WHERE t.person_id IS NOT NULL AND {_IN_USE} {within}
    """  # noqa: S608  conditions are ours, values are parameters
    return sql, [*params, *more]


def shared_wanted_sql(asset_id: int) -> Sql:
    """The same for shared targets, each by the context that it declares.

    1 query, and those of `decide_for_context` once for each different context.
    """
    targets = list(
        Target.objects.filter(person=None, enabled=True, unsubscribed_at=None, channel__enabled=True)
        .order_by("pk")
        .values_list("pk", "channel__kind", "context")
    )
    decisions = {}
    for _pk, _kind, context in targets:
        key = _context_key(context)
        if key not in decisions:
            decisions[key] = decide_for_context(asset_id, context)
    wanted = [decisions[_context_key(context)] for _pk, _kind, context in targets]
    sql = """
        SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[])
            AS s(target_id, kind, version_id, release_id)
    """
    return sql, [
        [pk for pk, _kind, _context in targets],
        [kind for _pk, kind, _context in targets],
        [release.version_id if release else None for release in wanted],
        [release.id if release else None for release in wanted],
    ]


def _context_key(context: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(context.items()))


def differing_sql(asset_id: int, wanted: Sql, kept: Iterable[str]) -> Sql:
    """The wanted rows whose lane shows something else: rows `target_id, version_id, release_id`.

    A release announces itself only on the kinds of channel that it lists. Where a target already shows the
    asset in a place that can be edited (`kept` kinds), it is kept right whichever release wins. Nothing
    wanted where nothing was ever shown is no difference.

    Args:
        asset_id: the asset.
        wanted: SQL of rows `target_id, kind, version_id, release_id`.
        kept: kinds of channel that are kept right.
    """
    sql, params = wanted
    return (
        f"""
        SELECT w.target_id, w.version_id, w.release_id FROM ({sql}) w
        LEFT JOIN delivery_release r ON r.id = w.release_id
        LEFT JOIN delivery_lane l ON l.target_id = w.target_id AND l.asset_id = %s
        WHERE w.version_id IS DISTINCT FROM l.version_id
          AND (w.version_id IS NULL OR w.kind = ANY(r.channels) OR (w.kind = ANY(%s) AND l.version_id IS NOT NULL))
        """,  # noqa: S608  conditions are ours, values are parameters
        [*params, asset_id, list(kept)],
    )


def differs(asset_id: int, kept: Iterable[str]) -> bool:
    """Whether any target of one asset should show something else than its lane says. 2 queries and the decisions'."""
    kinds = list(kept)
    for wanted in (personal_wanted_sql(asset_id), shared_wanted_sql(asset_id)):
        sql, params = differing_sql(asset_id, wanted, kinds)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS ({sql})", params)
            if cursor.fetchone()[0]:
                return True
    return False


def pushed_asset_ids() -> list[int]:
    """Assets that some channel shows or should show: an open release lists a channel, or a lane shows one. 1 query."""
    sql = """
        SELECT asset_id FROM delivery_release WHERE state = 'open' AND channels <> '{}'
        UNION SELECT asset_id FROM delivery_lane WHERE version_id IS NOT NULL
        ORDER BY asset_id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [asset_id for (asset_id,) in cursor.fetchall()]
