"""Search inside content, within what the person's decisions open: in the query, never filtered afterwards."""

from dataclasses import dataclass

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from delivery.queries.opened import asset_path, pathway_path
from delivery.queries.resolve import decide_all
from people.models import User

PER_PAGE = 20
LONGEST = 200  # characters of a query; more is noise or an attack on the parser
_START, _STOP = "\x02", "\x03"  # around a found word until the text is escaped

_SEARCH = f"""
WITH asked AS (SELECT websearch_to_tsquery('english', %(text)s) AS every),
found AS (
    SELECT v.id, v.title, v.text, v.minutes, a.key, a.kind, ts_rank_cd(v.search, asked.every) AS rank
    FROM assets_version v JOIN assets_asset a ON a.id = v.asset_id, asked
    WHERE v.id = ANY(%(versions)s) AND v.search @@ asked.every AND a.kind <> 'snippet'
), counted AS (SELECT count(*) AS total FROM found)
SELECT f.key, f.kind, f.title, f.minutes,
    ts_headline('english', left(f.text, 20000), asked.every,
        'StartSel={_START}, StopSel={_STOP}, MaxWords=34, MinWords=18, MaxFragments=1'),
    counted.total
FROM (SELECT * FROM found ORDER BY rank DESC, title, id LIMIT %(limit)s OFFSET %(offset)s) f, asked, counted
ORDER BY f.rank DESC, f.title, f.id
"""  # noqa: S608  constants only


@dataclass(frozen=True, slots=True)
class Hit:
    """One asset that was found. `snippet` is escaped, with the words found in `<mark>`."""

    key: str
    kind: str
    title: str
    minutes: int
    snippet: SafeString

    @property
    def path(self) -> str:
        """Where it is opened."""
        return pathway_path(self.key) if self.kind == "pathway" else asset_path(self.key)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits, and how many there are in all."""

    hits: tuple[Hit, ...] = ()
    total: int = 0


def search(person: User, text: str, *, page: int = 1) -> Found:
    """Full-text search over title, summary and body of the versions the person gets; English stemming.

    Args:
        person: who asks.
        text: as typed; quotes, OR and a minus sign work as in a web search.
        page: from 1; 20 hits a page.

    1 query, and 3 at most for the decisions.
    """
    text = text.strip()[:LONGEST].replace("\x00", "")
    if not text:
        return Found()
    decided = decide_all(person)
    with connection.cursor() as cursor:
        cursor.execute(
            _SEARCH,
            {
                "text": text,
                "versions": decided.version_ids(),
                "limit": PER_PAGE,
                "offset": (max(page, 1) - 1) * PER_PAGE,
            },
        )
        rows = cursor.fetchall()
    hits = tuple(Hit(row[0], row[1], row[2], row[3], _marked(row[4])) for row in rows)
    return Found(hits, rows[0][5] if rows else 0)


def _marked(text: str) -> SafeString:
    """Escape first, then put `<mark>` where PostgreSQL found the words."""
    clean = escape(text).replace(_START, "<mark>").replace(_STOP, "</mark>")
    return mark_safe(clean)  # noqa: S308  escaped in the line above
