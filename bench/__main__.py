"""`python -m bench`: measure, print a table, write var/bench.json."""

import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
os.environ["CELERY_SKIP_CHECKS"] = "1"

import django

django.setup()

from bench import deliver, ingest_bulk, page, publish, resolver  # noqa: E402  models need Django first
from bench.measure import Figure  # noqa: E402
from tests.harness.run import Run, begin_run, end_run  # noqa: E402

FIGURES: dict[str, Callable[[Run], list[Figure]]] = {
    "resolver": resolver.measure,
    "ingest_bulk": ingest_bulk.measure,
    "page": page.measure,
    "publish": publish.measure,
    "deliver": deliver.measure,
}
RESULT = Path("var") / "bench.json"


def main() -> int:
    """Measure what ONLY names, or all. Each figure has a fresh database."""
    only = os.environ.get("ONLY", "").strip()
    if only and only not in FIGURES:
        print(f"There is no figure “{only}”. Choose one of {', '.join(FIGURES)}.", file=sys.stderr)
        return 2
    logging.disable(logging.INFO)  # the mail server tells each step
    folder = begin_run()
    run = Run()
    found: list[Figure] = []
    try:
        for name in [only] if only else FIGURES:
            print(f"{name} …", file=sys.stderr, flush=True)
            run.ensure()
            found += FIGURES[name](run)
    finally:
        run.end()
        end_run(folder)
    show(found)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([figure.as_json() for figure in found], indent=2) + "\n")
    return 0


def show(figures: list[Figure]) -> None:
    """Print the table."""
    print(f"{'figure':<18}{'ours':>12}{'peer':>12}{'ratio':>9}  {'unit':<16}{'queries':>8}{'noise':>7}  note")
    for one in figures:
        peer = "" if one.peer is None else f"{one.peer:,.2f}"
        ratio = "" if one.ratio is None else f"{one.ratio:.3g}"
        queries = "" if one.queries is None else str(one.queries)
        print(
            f"{one.figure:<18}{one.ours:>12,.2f}{peer:>12}{ratio:>9}  {one.unit:<16}{queries:>8}{one.noise:>6.0%}"
            f"  {one.note}"
        )


if __name__ == "__main__":
    sys.exit(main())
