"""What every figure is made of: timings, their median and their spread."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One line of the table. `ours` and `peer` are in `unit`; `ratio` is ours / peer; `noise` the spread of ours.

    `noise` is (largest - smallest) / median over the rounds. `queries` is what ours sends to the database.
    """

    figure: str
    ours: float
    peer: float | None
    unit: str
    queries: int | None
    noise: float
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's; None without a peer."""
        return None if not self.peer else self.ours / self.peer

    def as_json(self) -> dict[str, Any]:
        """The form that var/bench.json keeps."""
        return {**asdict(self), "ratio": self.ratio}


def timed(work: Callable[[], object]) -> float:
    """How many seconds `work` takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def alternate(ours: Callable[[], object], peer: Callable[[], object], *, rounds: int = 7) -> tuple[list[float], ...]:
    """Seconds of both, round by round in turn, so that what else the machine does meets both; one warm-up each."""
    ours()
    peer()
    pairs = [(timed(ours), timed(peer)) for _round in range(rounds)]
    return [first for first, _ in pairs], [second for _, second in pairs]


def noise(values: Sequence[float]) -> float:
    """The spread of `values` against their median."""
    return (max(values) - min(values)) / statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of them lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
