"""Which versions are in force: what figures by outcome are measured on."""

from delivery.queries.snapshot import snapshot


def versions_in_force() -> frozenset[int]:
    """Ids of the versions that an open release offers to somebody: each stack down to its first baseline.

    1 query, or 2 after a change (the snapshot). Releases that are killed, or at 0%, offer nothing.
    """
    found: set[int] = set()
    for stack in snapshot().stacks.values():
        for release in stack:
            if not release.flag.kill and release.flag.hundredths > 0:
                found.add(release.version_id)
            if release.is_baseline:
                break
    return frozenset(found)
