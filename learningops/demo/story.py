"""The releases of the demo, in their order, each at its time."""

from collections.abc import Mapping
from typing import Any

from assets.actions.waivers import waive_gate
from delivery.actions.releases import (
    NewRelease,
    archive_release,
    roll_back_release,
    ship_releases,
    switch_release,
    widen_release,
)
from delivery.models import Release
from learningops.demo.files import table
from learningops.demo.library import Versions
from people.models import User

Step = Mapping[str, Any]


class Story:
    """Plays the steps of releases.toml; remembers what it shipped."""

    def __init__(self, lead: User, versions: Versions) -> None:
        self._lead, self._versions = lead, versions
        self._shipped: dict[tuple[str, int], Release] = {}
        given = table("releases")
        self.steps: list[Step] = given["step"]
        self._waivers: list[Step] = given["waiver"]

    def waive(self) -> None:
        """Record what the lead lets pass."""
        for waiver in self._waivers:
            version = self._versions[waiver["key"], waiver["version"]]
            waive_gate(actor=self._lead, version_id=version.pk, gate=waiver["gate"], reason=waiver["reason"])

    def play(self, step: Step) -> None:
        """Do what one step says: ship, widen, roll back, archive, kill."""
        if "ship" in step:
            self._ship([(key, entry) for entry in step["ship"] for key in entry["keys"]])
        if "widen" in step:
            hundredths = _hundredths(step["widen"])
            widen_release(
                actor=self._lead, release_id=self._release(step["widen"]).pk, percentage_hundredths=hundredths
            )
        if "roll_back" in step:
            release = self._release(step["roll_back"])
            roll_back_release(actor=self._lead, release_id=release.pk, reason=step["roll_back"]["reason"])
        for named in step.get("archive", ()):
            release = self._release(named)
            archive_release(actor=self._lead, release_id=release.pk, reason="Two newer versions are live for everyone.")
        if "kill" in step:
            switch_release(actor=self._lead, release_id=self._release(step["kill"]).pk, kill=True)

    def _ship(self, wanted: list[tuple[str, Step]]) -> None:
        items = [_new_release(self._versions[key, entry["version"]].pk, entry) for key, entry in wanted]
        releases = ship_releases(actor=self._lead, items=items)
        for (key, entry), release in zip(wanted, releases, strict=True):
            self._shipped[key, entry["version"]] = release

    def _release(self, named: Step) -> Release:
        return self._shipped[named["key"], named["version"]]


def _new_release(version_id: int, entry: Step) -> NewRelease:
    return NewRelease(
        version_id=version_id,
        rule=_rule(entry),
        hundredths=_hundredths(entry),
        channels=tuple(entry.get("channels", ())),
        note=entry.get("note", ""),
    )


def _hundredths(entry: Step) -> int:
    return round(float(entry.get("per_cent", 100)) * 100)


def _rule(entry: Step) -> dict[str, Any]:
    fields = {"teams": "team", "regions": "region", "people": "person"}
    return {
        "all": [
            {"attribute": attribute, "op": "in", "value": list(entry[name])}
            for name, attribute in fields.items()
            if name in entry
        ]
    }
