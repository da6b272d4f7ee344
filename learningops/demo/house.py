"""The people of the demo, their teams, the framework, the collections and the channels."""

import csv
import io
from datetime import datetime
from typing import Any, Final

from assets.models import Collection, CollectionMember, Framework, Outcome
from delivery.actions.channels import add_channel, change_channel
from delivery.actions.targets import add_target
from learningops.demo.clock import days_before
from learningops.demo.files import CONTENT, table
from people.actions.attributes import declare_attribute
from people.actions.teams import create_team, set_managers
from people.importers.people_csv import import_people_csv
from people.models import Team, User

LOGINS: Final = ("author", "sme", "manager", "learner", "operator")
PASSWORD: Final = "demo"  # noqa: S105  printed at the start; the demo is served on loopback only


def build_house(now: datetime) -> dict[str, User]:
    """Make the organisation. Returns its people by username. About 90 queries."""
    organisation = table("organisation")
    for attribute in organisation["attribute"]:
        declare_attribute(
            actor=None, key=attribute["key"], label=attribute["label"], value_type=attribute["type"],
            sensitive=attribute.get("sensitive", False),
        )  # fmt: skip
    teams: dict[str, Team] = {}
    for team in organisation["team"]:
        above = teams.get(team.get("parent", ""))
        teams[team["key"]] = create_team(actor=None, key=team["key"], name=team["name"], parent=above)
    import_people_csv(actor=None, data=people_csv(now))
    people = {person.username: person for person in User.objects.all()}
    for team in organisation["team"]:
        managers = [people[name] for name in team["managers"]]
        set_managers(actor=None, team_id=teams[team["key"]].pk, managers=managers)
    _give_passwords(people)
    _build_framework()
    _build_collections(organisation["collection"], people)
    _build_channels(organisation["channel"], people["operator"])
    return people


def people_csv(now: datetime) -> bytes:
    """The file of people with the day each started, as the import takes it."""
    rows = list(csv.DictReader((CONTENT / "people.csv").read_text(encoding="utf-8").splitlines()))
    for row in rows:
        row["start_date"] = days_before(now, float(row.pop("started_days_ago"))).date().isoformat()
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _give_passwords(people: dict[str, User]) -> None:
    """The one rule that a demo breaks: its password is short and known, which the action rightly refuses."""
    for name in LOGINS:
        people[name].set_password(PASSWORD)
        people[name].save(update_fields=["password"])


def _build_framework() -> None:
    given = table("outcomes")
    framework = Framework.objects.create(key=given["key"], name=given["name"], source=given["source"])
    made: dict[str, Outcome] = {}
    position = 0
    for group in given["group"]:
        position += 1
        heading = Outcome.objects.create(
            key=group["key"], framework=framework, statement=group["statement"], is_group=True, position=position
        )
        for outcome in group["outcome"]:
            position += 1
            made[outcome["key"]] = Outcome.objects.create(
                key=outcome["key"], framework=framework, parent=heading, statement=outcome["statement"],
                condition=outcome.get("condition", ""), measure=outcome.get("measure", ""), position=position,
            )  # fmt: skip
            made[outcome["key"]].prerequisites.set([made[key] for key in outcome.get("after", [])])


def _build_collections(given: list[dict[str, Any]], people: dict[str, User]) -> None:
    for entry in given:
        collection = Collection.objects.create(
            key=entry["key"], name=entry["name"], description=entry["description"], lead=people[entry["lead"]],
            learners_may_suggest=entry.get("learners_may_suggest", False),
        )  # fmt: skip
        for role, names in ((CollectionMember.Role.AUTHOR, entry["authors"]),
                            (CollectionMember.Role.REVIEWER, entry["reviewers"])):  # fmt: skip
            CollectionMember.objects.bulk_create(
                CollectionMember(collection=collection, user=people[name], role=role) for name in names
            )


def _build_channels(given: list[dict[str, Any]], operator: User) -> None:
    """Every channel is off: a demo sends nothing."""
    for entry in given:
        channel = add_channel(actor=operator, key=entry["key"], kind=entry["kind"], name=entry["name"])
        change_channel(actor=operator, channel_id=channel.pk, enabled=False)
        for target in entry.get("target", []):
            add_target(
                actor=operator, channel_id=channel.pk, address=target["address"], context=target.get("context", {})
            )
