"""Save and release 1,000 assets whose content is parsed and rendered already; and what that costs beforehand."""

import hashlib
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg2.extras import execute_values

from assets.actions.versions import NewVersion, save_versions
from assets.content import Document, Rendering, parse, render
from assets.gates import blocking
from assets.models import Asset, Version
from bench.library import make_assets
from bench.measure import Figure, noise, timed
from delivery.actions.releases import NewRelease, ship_releases
from tests.harness.run import Run

ASSETS, ROUNDS = 1_000, 5


@dataclass
class Round:
    """Seconds of each part of one round, and the queries of saving and releasing."""

    parse: float
    render: float
    publish: float
    gates: float
    raw: float
    queries: int


def measure(run: Run) -> list[Figure]:
    """Assets per second and queries; each round on a fresh database. The peer inserts the same version rows raw."""
    rounds = [_round(run) for _n in range(ROUNDS + 1)][1:]
    seconds = [one.publish for one in rounds]
    median = statistics.median(seconds)
    peer = ASSETS / statistics.median(one.raw for one in rounds)
    note = f"{ASSETS:,} assets saved and released in {median:.2f} s, gates included"
    figures = [Figure("publish", ASSETS / median, peer, "assets/s", rounds[-1].queries, noise(seconds), note)]
    for name in ("parse", "render", "gates"):
        values = [1000 * getattr(one, name) / ASSETS for one in rounds]
        figures.append(Figure(f"publish_{name}", statistics.median(values), None, "ms/asset", None, noise(values)))
    return figures


def _round(run: Run) -> Round:
    run.reset()
    assets, texts = make_assets(ASSETS)
    documents: list[Document] = []
    renderings: list[Rendering] = []
    parsing = timed(lambda: documents.extend(parse(text) for text in texts))
    rendering = timed(lambda: renderings.extend(_render(document) for document in documents))
    with CaptureQueriesContext(connection) as captured:
        publishing = timed(lambda: _publish(assets, texts, documents, renderings))
    by_version = dict(zip(_version_ids(), documents, strict=True))
    gating = timed(lambda: blocking(list(by_version), by_version))
    return Round(parsing, rendering, publishing, gating, timed(_insert_raw), len(captured))


def _version_ids() -> list[int]:
    return list(Version.objects.order_by("asset").values_list("pk", flat=True))


def _render(document: Document) -> Rendering:
    return render(document, link=lambda href: href, image=lambda src: src)


def _publish(assets: Sequence[Asset], texts: list[str], documents: list[Document], renderings: list[Rendering]) -> None:
    versions = save_versions(
        [
            NewVersion(asset_id=asset.pk, source=text, document=document, rendering=rendering)
            for asset, text, document, rendering in zip(assets, texts, documents, renderings, strict=True)
        ]
    )
    ship_releases(actor=None, items=[NewRelease(version.pk) for version in versions])


def _insert_raw() -> None:
    """The version rows once more, into a table like theirs, as one statement in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_version (LIKE assets_version INCLUDING ALL)")
        names = "asset_id, number, source, title, summary, text, words, minutes, change_class, message, author_name"
        cursor.execute(f"SELECT {names} FROM assets_version")
        rows = [(*row, hashlib.sha256(row[2].encode()).digest()) for row in cursor.fetchall()]
        execute_values(
            cursor.cursor,
            f"INSERT INTO bench_version ({names}, content_hash, change_reasons, created_at) VALUES %s",
            rows,
            template="(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '[]', now())",
            page_size=1000,
        )
