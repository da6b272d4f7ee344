"""From commit to arrival: an email in the sink, and a Slack message that is edited in place, through the real queue."""

import statistics
import time

from assets.actions.drafts import save_draft
from assets.actions.versions import save_version
from assets.models import Draft
from bench.library import make_assets
from bench.measure import Figure, noise, percentile
from delivery.actions.channels import add_channel
from delivery.actions.releases import ship_release
from delivery.actions.targets import add_target
from people.actions.people import create_person
from tests.harness.fake_slack import TOKEN
from tests.harness.run import Run
from tests.harness.stack import Others, Stack
from tests.harness.waiting import wait_until

RELEASES = 20
EVERYONE: dict[str, object] = {"all": []}


def measure(run: Run) -> list[Figure]:
    """p95 over releases, one after the other, each waited for. The peer is the promise: 2 s."""
    person = create_person(actor=None, username="reader", email="reader@example.com")
    others = Others.start()
    stack = Stack(run, others)
    mail = add_channel(actor=None, key="mail", kind="email", name="Mail")
    slack = add_channel(actor=None, key="slack", kind="slack", name="Slack", secret=TOKEN)
    add_target(actor=None, channel_id=mail.pk, address=person.email, person_id=person.pk)
    add_target(actor=None, channel_id=slack.pk, address="C0000000001")
    (asset,), (text,) = make_assets(1)
    try:
        stack.begin_test()
        stack.worker()
        stack.relay()
        arrivals = [_release(others, asset.pk, text, number) for number in range(RELEASES + 1)][1:]
    finally:
        stack.stop()
        others.stop()
    figures = []
    for name, values in (("email", [pair[0] for pair in arrivals]), ("slack", [pair[1] for pair in arrivals])):
        figures.append(
            Figure(
                f"deliver_{name}", percentile(values, 0.95), 2.0, "s, p95", None, noise(values),
                f"median {statistics.median(values):.2f} s over {len(values)} releases; the peer is the promise",
            )
        )  # fmt: skip
    return figures


def _release(others: Others, asset_id: int, text: str, number: int) -> tuple[float, float]:
    """Seconds from the commit to the email and to the Slack message."""
    draft = Draft.objects.get(asset=asset_id)
    title = f"Handle case 0, edition {number}"
    save_draft(
        actor=None, asset_id=asset_id, source=text.replace("title: Handle case 0", f"title: {title}"), edit=draft.edit
    )
    version = save_version(actor=None, asset_id=asset_id)
    mails = len(others.smtp.messages)
    ship_release(actor=None, version_id=version.pk, rule=EVERYONE, channels=("email", "slack"))
    begun = time.perf_counter()
    seen: dict[str, float] = {}

    def both() -> bool:
        if len(others.smtp.messages) > mails:
            seen.setdefault("email", time.perf_counter() - begun)
        if any(title in str(message) for message in others.slack.shown("C0000000001")):
            seen.setdefault("slack", time.perf_counter() - begun)
        return len(seen) == 2

    wait_until(both, 60)
    return seen["email"], seen["slack"]
