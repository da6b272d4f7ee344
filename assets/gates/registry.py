"""Which gates there are. Upper rooms add theirs in AppConfig.ready()."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, WARNS, Finding, Gate, Severity

FIRST: Final = "readable"
_gates: dict[str, Gate] = {}

# What a collection's settings may say about a gate.
SETTINGS: Final[Mapping[str, Severity | None]] = MappingProxyType({"off": None, "warn": WARNS, "block": BLOCKS})


def register(gate: Gate) -> None:
    """Add a gate. Raises ValueError when another one has its code."""
    if _gates.setdefault(gate.code, gate) is not gate:
        raise ValueError(f"Two gates have the code “{gate.code}”. Give one of them another.")


def all_gates() -> tuple[Gate, ...]:
    """The gates, in the order they were registered."""
    return tuple(_gates.values())


def gate_named(code: str) -> Gate | None:
    """The gate with that code, if there is one."""
    return _gates.get(code)


def run_gates(candidate: Candidate) -> list[Finding]:
    """Every finding on the candidate: what blocks first, then by line. No query, the candidate holds all it needs.

    A text that cannot be read says so before anything that may only follow from it.

    The collection's settings turn a gate off or set its severity.
    """
    found = [finding for gate in _gates.values() for finding in _run(gate, candidate)]
    return sorted(found, key=lambda f: (not f.blocks, f.code != FIRST, f.line or 0, f.code))


def _run(gate: Gate, candidate: Candidate) -> list[Finding]:
    setting = candidate.gate_settings.get(gate.code)
    if setting == "off":
        return []
    forced = SETTINGS.get(setting) if setting else None
    return [
        Finding(gate.code, forced or found.severity or gate.severity, found.message, found.line, found.fix)
        for found in gate.check(candidate)
    ]
