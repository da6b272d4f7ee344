"""Gates: content tests that a version must pass before it can be released. One module per gate."""

from assets.gates import (
    check_answerable,
    feedback_loop,
    heading_order,
    image_alt,
    links_resolve,
    media_present,
    outcome_mapped,
    outcome_observable,
    pathway_items,
    readable,
    reading_level,
    single_purpose,
)
from assets.gates.candidate import Candidate, candidate_of_draft, candidates_of_versions, parsed
from assets.gates.finding import BLOCKS, WARNS, Finding, Found, Gate, Severity
from assets.gates.registry import SETTINGS, all_gates, gate_named, register, run_gates
from assets.gates.versions import blocking, run_gates_on_version, run_gates_on_versions

for _module in (
    readable, outcome_mapped, outcome_observable, feedback_loop, check_answerable, pathway_items, links_resolve,
    media_present, image_alt, heading_order, single_purpose, reading_level,
):  # fmt: skip
    register(_module.GATE)

__all__ = [
    "BLOCKS",
    "SETTINGS",
    "WARNS",
    "Candidate",
    "Finding",
    "Found",
    "Gate",
    "Severity",
    "all_gates",
    "blocking",
    "candidate_of_draft",
    "candidates_of_versions",
    "gate_named",
    "parsed",
    "register",
    "run_gates",
    "run_gates_on_version",
    "run_gates_on_versions",
]
