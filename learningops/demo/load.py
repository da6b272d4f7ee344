"""Load the demo: all of it or nothing, once."""

from datetime import datetime
from random import Random
from time import monotonic

from django.db import transaction
from django.utils import timezone

from assets.content import parse
from assets.models import Asset
from learningops.demo.activity import Activity, due_before
from learningops.demo.clock import at, days_before
from learningops.demo.files import sources, table
from learningops.demo.house import LOGINS, build_house
from learningops.demo.library import Versions, build_library
from learningops.demo.queue import fill_queue
from learningops.demo.sessions import Learner, Session, plan_sessions
from learningops.demo.story import Story
from people.models import User
from telemetry.actions.partitions import make_partitions

FOUNDED = 160.0  # days before the load


class DemoRefused(Exception):
    """The database is somebody's already; nothing was loaded."""


def load_demo(*, now: datetime | None = None) -> str:
    """Fill an empty database. Returns what there is now, in a sentence. A second call changes nothing.

    The same people do the same things each time; what is drawn anew are the salts of flags and people's pseudonyms,
    so that a release at 50% meets another half. One transaction.

    Raises DemoRefused when there are people who are not the demo's, DemoError when its files do not fit together.
    """
    there = set(User.objects.values_list("username", flat=True))
    if there.issuperset(LOGINS):
        return f"The demo is there already: {len(there)} people. Nothing was changed."
    if there:
        raise DemoRefused(f"This database has {len(there)} people already. Load the demo into an empty one.")
    now = now or timezone.now()
    begun = monotonic()
    make_partitions(today=now.date())
    with transaction.atomic():
        with at(days_before(now, FOUNDED)):
            people = build_house(now)
            versions = build_library(people, now)
        statements = _live(people, versions, now)
        fill_queue(people, versions, people["author"], now)
    return (
        f"Loaded {len(people)} people, {len(sources())} assets in {len(versions)} versions and {statements} statements"
        f" in {monotonic() - begun:.1f} s."
    )


def _live(people: dict[str, User], versions: Versions, now: datetime) -> int:
    """Release after release, and between them what people did with what they had. Returns the number of statements."""
    given = table("activity")
    dice = Random(given["seed"])  # noqa: S311  dice for a story, not for secrets
    sessions = plan_sessions(_learners(people), _taught(), given["goal"], now=now, dice=dice)
    activity = Activity(dict(Asset.objects.values_list("key", "pk")), dice)
    story = Story(people["author"], versions)
    story.waive()
    statements = 0
    for step in story.steps:
        moment = days_before(now, step["days"])
        statements += _play(activity, due_before(sessions, moment), moment)
        with at(moment):
            story.play(step)
    return statements + activity.play(due_before(sessions, now))


def _play(activity: Activity, sessions: list[Session], moment: datetime) -> int:
    with at(moment):
        return activity.play(sessions) if sessions else 0


def _learners(people: dict[str, User]) -> list[Learner]:
    """Everybody in a team, in the order of people.csv: the plan makes those who come first able."""
    rows = User.objects.filter(pk__in=[person.pk for person in people.values()], team__isnull=False)
    return [
        Learner(
            person.pk,
            person.username,
            person.team.key if person.team else "",
            timezone.make_aware(datetime.combine(person.start_date, datetime.min.time()))
            if person.start_date
            else None,
        )
        for person in rows.select_related("team").order_by("pk")
    ]


def _taught() -> dict[str, list[str]]:
    """Asset key → outcomes that it or its checks name."""
    found: dict[str, list[str]] = {}
    for key, source in sources().items():
        document = parse(source)
        own = [check.outcome for check in document.checks if check.outcome]
        found[key] = list(dict.fromkeys([*document.meta.outcomes, *own]))
    return found
