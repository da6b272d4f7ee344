"""Gates on saved versions: what stands in the way of a release. A release asks again, whatever was shown before."""

from collections.abc import Mapping, Sequence

from assets.content import Document
from assets.gates.candidate import candidates_of_versions
from assets.gates.finding import Finding
from assets.gates.registry import run_gates


def run_gates_on_versions(
    version_ids: Sequence[int], documents: Mapping[int, Document] | None = None
) -> dict[int, list[Finding]]:
    """Every finding on each version, waived ones too. 2 queries, whatever the number of versions."""
    return {pk: run_gates(candidate) for pk, candidate in candidates_of_versions(version_ids, documents).items()}


def run_gates_on_version(version_id: int) -> list[Finding]:
    """Every finding on one version, waived ones too. 2 queries."""
    return run_gates_on_versions([version_id]).get(version_id, [])


def blocking(version_ids: Sequence[int], documents: Mapping[int, Document] | None = None) -> dict[int, list[Finding]]:
    """What keeps each version from being released: blocking findings without a waiver. Versions without are left out.

    2 queries, whatever the number of versions. `documents` saves parsing what the caller has parsed already.
    """
    stopped = {
        pk: [f for f in run_gates(candidate) if f.blocks and f.code not in candidate.waived]
        for pk, candidate in candidates_of_versions(version_ids, documents).items()
    }
    return {pk: findings for pk, findings in stopped.items() if findings}
