"""One of everything that an address can name, for the permission table: small, and full of sentinels.

Right answers and feedback of the checks are words that stand nowhere else, so that a test can look for them in every
response (invariant 12). Made through the actions wherever there is one.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from assets.actions.assets import create_asset
from assets.actions.drafts import save_draft
from assets.actions.review_flags import raise_review_flag
from assets.actions.suggestions import make_suggestion
from assets.actions.versions import save_version
from assets.gates.registry import all_gates
from assets.models import (
    Asset,
    Collection,
    CollectionMember,
    Draft,
    Framework,
    Outcome,
    ReviewFlag,
    Suggestion,
    Version,
)
from delivery.actions.channels import add_channel
from delivery.actions.releases import ship_release
from delivery.actions.targets import add_target
from delivery.models import Channel, Delivery, Lane, Release, Target
from people.actions.attributes import declare_attribute
from people.actions.audit import write_audit
from people.actions.tokens import create_token
from people.models import ApiToken, AttributeDefinition, AuditEntry, Team, User
from tests.factories import ROLES, PersonFactory, TeamFactory

SENTINELS: Final = (
    "zanyfeedbackright",
    "zanyfeedbackwrong",
    "zanygeneralright",
    "zanyshortanswer",
    "zanypattern",
    "zanyclozeanswer",
    "918273",
)

SOURCE: Final = """---
key: refunds/partial-refund
title: Issue a partial refund
kind: guide
outcomes: [refunds.issue-partial]
---
Open the order, choose **Refund** and enter the amount{change}.

::: check single limit
What is the highest partial refund an agent may approve alone?
- [ ] 50 pounds — zanyfeedbackwrong
- [x] 200 pounds — zanyfeedbackright
right: zanygeneralright
:::

::: check numeric amount
How much exactly?
- [x] 918273
:::

::: check short place
Where do you find it?
- [x] zanyshortanswer
- [x] /zanypattern+/
:::

::: check cloze gap
Above the limit a [[zanyclozeanswer]] decides.
:::
"""

PATHWAY: Final = """---
key: refunds/first-week
title: First week on Refunds
kind: pathway
outcomes: [refunds.issue-partial]
items: [refunds/partial-refund]
---
What to read first.
"""


@dataclass
class World:
    """What the table names. `people` by role; the learner is on Refunds, which the manager manages."""

    people: dict[str, User]
    team: Team
    collection: Collection
    framework: Framework
    outcome: Outcome
    asset: Asset
    version: Version
    pathway: Asset
    release: Release
    newer: Version  # saved, not released
    suggestion: Suggestion
    review_flag: ReviewFlag
    token: ApiToken
    attribute: AttributeDefinition
    audit_entry: AuditEntry
    channel: Channel
    target: Target
    delivery: Delivery
    extra: dict[str, Any] = field(default_factory=dict)  # what other rooms add


def build_world() -> World:
    """Make it. Called once for each test module, outside any test's transaction."""
    team = TeamFactory(key="refunds", name="Refunds")
    people = {role: PersonFactory(username=role, role=role, team=team) for role in ROLES}
    team.managers.add(people["manager"])
    collection = Collection.objects.create(
        key="desk", name="Support desk", gate_settings={gate.code: "off" for gate in all_gates()}
    )
    for role, member in (("author", CollectionMember.Role.AUTHOR), ("sme", CollectionMember.Role.REVIEWER)):
        CollectionMember.objects.create(collection=collection, user=people[role], role=member)
    framework = Framework.objects.create(key="desk", name="Support desk")
    outcome = Outcome.objects.create(key="refunds.issue-partial", framework=framework, statement="Issue a refund")
    asset, version, release = _released(people, collection, "refunds/partial-refund", "guide", SOURCE.format(change=""))
    pathway, _version, _release = _released(people, collection, "refunds/first-week", "pathway", PATHWAY)
    draft = Draft.objects.get(asset=asset)
    save_draft(actor=people["author"], asset_id=asset.pk, source=SOURCE.format(change=" in pounds"), edit=draft.edit)
    newer = save_version(actor=people["author"], asset_id=asset.pk)
    definition = declare_attribute(actor=None, key="desk-number", label="Desk", value_type="number")
    channel = add_channel(actor=None, key="mail", kind="email", name="Mail")
    target = add_target(
        actor=None, channel_id=channel.pk, address="learner@example.com", person_id=people["learner"].pk
    )
    return World(
        people=people,
        team=team,
        collection=collection,
        framework=framework,
        outcome=outcome,
        asset=asset,
        version=version,
        pathway=pathway,
        release=release,
        newer=newer,
        suggestion=make_suggestion(
            actor=people["manager"],
            base=version,
            title="Name the currency",
            source=SOURCE.format(change=" in euros"),
            reason="Agents ask which one is meant.",
        ),
        review_flag=raise_review_flag(
            actor=people["learner"], asset_id=asset.pk, version_id=version.pk, kind="outdated", text="It moved."
        ),
        token=create_token(actor=None, user=people["operator"], name="sync")[0],
        attribute=definition,
        channel=channel,
        target=target,
        delivery=Delivery.objects.create(
            lane=Lane.objects.create(target=target, asset=asset, epoch=1, version=version),
            epoch=1,
            release=release,
            version=version,
        ),
        audit_entry=write_audit(actor=None, action="team.moved", object_type="team", object_key="refunds"),
    )


def _released(
    people: dict[str, User], collection: Collection, key: str, kind: str, source: str
) -> tuple[Asset, Version, Release]:
    author = people["author"]
    asset = create_asset(actor=author, collection=collection, key=key, kind=kind, title=key, source=source)
    version = save_version(actor=author, asset_id=asset.pk)
    release = ship_release(actor=people["lead"], version_id=version.pk, rule={"all": []})
    return asset, version, release
