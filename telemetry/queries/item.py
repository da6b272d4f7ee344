"""How a check behaves: how many got it right, which choices they took. Classical item analysis, with its n."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

Z_95: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `n`, with Wilson's 95% interval. `p` is None when n is 0."""

    right: int
    n: int

    @property
    def p(self) -> float | None:
        """The share, 0 to 1."""
        return self.right / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson score interval (Wilson 1927), 95%; None when n is 0."""
        return wilson(self.right, self.n)


@dataclass(frozen=True, slots=True)
class OptionShare:
    """How many first answers took one choice. In "multiple" a person may take several."""

    choice: str
    n: int
    share: float  # of the first answers, 0 to 1


@dataclass(frozen=True, slots=True)
class CheckStatistics:
    """One check in one content. Facility (p-value) on first answers, on all, and on the people in the end."""

    check_id: int
    people: int
    first: Share
    every: Share
    in_the_end: Share  # people who were right at least once
    median_tries: float | None  # until right, of those who got there
    options: tuple[OptionShare, ...]


def wilson(right: int, n: int, z: float = Z_95) -> tuple[float, float] | None:
    """Wilson score interval of a share. E. B. Wilson, JASA 22 (1927), 209-212."""
    if n == 0:
        return None
    p, square = right / n, z * z
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(p * (1 - p) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


# Evidence says who got it right and when; the record, through the index of answers, says what was chosen.
_ANSWERS = """
WITH answers AS (
    SELECT s.check_id, s.actor_id, s."right", s.attempt
    FROM telemetry_statement s
    JOIN assets_versioncheck c ON c.version_id = s.version_id AND c.check_identity_id = s.check_id
    JOIN assets_versioncheck wanted ON wanted.version_id = %(version)s AND wanted.check_identity_id = s.check_id
        AND wanted.content_hash = c.content_hash
    WHERE s.attempt IS NOT NULL AND s.check_id = ANY(%(checks)s)
), people AS (
    SELECT check_id, actor_id, bool_or("right") AS right_once, min(attempt) FILTER (WHERE "right") AS tries
    FROM answers GROUP BY check_id, actor_id
)
SELECT p.check_id, count(*), count(*) FILTER (WHERE p.right_once),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY p.tries) FILTER (WHERE p.right_once),
    min(a.first_n), min(a.first_right), min(a.n), min(a."right")
FROM people p JOIN (
    SELECT check_id, count(*) FILTER (WHERE attempt = 1) AS first_n,
        count(*) FILTER (WHERE attempt = 1 AND "right") AS first_right, count(*) AS n,
        count(*) FILTER (WHERE "right") AS "right"
    FROM answers GROUP BY check_id) a ON a.check_id = p.check_id
GROUP BY p.check_id
"""

_OPTIONS = """
WITH firsts AS (
    SELECT s.check_id, (s.raw -> 'result' ->> 'response')::jsonb AS response
    FROM telemetry_statement s
    JOIN assets_versioncheck c ON c.version_id = s.version_id AND c.check_identity_id = s.check_id
    JOIN assets_versioncheck wanted ON wanted.version_id = %(version)s AND wanted.check_identity_id = s.check_id
        AND wanted.content_hash = c.content_hash
    WHERE s.attempt = 1 AND s.check_id = ANY(%(checks)s) AND s.raw -> 'result' ->> 'response' IS NOT NULL
)
SELECT check_id, choice, count(*) FROM (
    SELECT check_id, response ->> 'choice' AS choice FROM firsts WHERE jsonb_typeof(response -> 'choice') = 'string'
    UNION ALL
    SELECT check_id, jsonb_array_elements_text(response -> 'choices') FROM firsts
    WHERE jsonb_typeof(response -> 'choices') = 'array') x
GROUP BY check_id, choice ORDER BY check_id, count(*) DESC, choice
"""


def check_statistics(version_id: int, check_ids: Collection[int]) -> dict[int, CheckStatistics]:
    """Statistics of checks as they stand in a version: answers on other versions count where the content is the same.

    `check_ids`: assets.Check ids. Checks without counted answers are absent. Options are choice ids of the content
    format, for single and multiple choice. What is over fewer than 5 people is withheld from viewers without
    names by the caller. 2 queries.
    """
    params: dict[str, Any] = {"version": version_id, "checks": list(check_ids)}
    options: dict[int, list[tuple[str, int]]] = {}
    found: dict[int, CheckStatistics] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OPTIONS, params)
        for check_id, choice, n in cursor.fetchall():
            options.setdefault(check_id, []).append((choice, n))
        cursor.execute(_ANSWERS, params)
        for check_id, people, right_once, median, first_n, first_right, n, right in cursor.fetchall():
            found[check_id] = CheckStatistics(
                check_id,
                people,
                Share(first_right, first_n),
                Share(right, n),
                Share(right_once, people),
                median,
                tuple(OptionShare(choice, k, k / first_n) for choice, k in options.get(check_id, ()) if first_n),
            )
    return found
