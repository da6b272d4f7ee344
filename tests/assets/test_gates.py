"""Gates: what each finds, what collections make of them, and what a waiver lets pass."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from assets.actions.assets import retire_asset
from assets.actions.drafts import save_draft
from assets.actions.media import add_media
from assets.actions.versions import save_version
from assets.actions.waivers import waive_gate
from assets.gates import (
    Candidate,
    Finding,
    Found,
    Gate,
    all_gates,
    blocking,
    candidate_of_draft,
    register,
    run_gates,
    run_gates_on_version,
)
from assets.gates.links import candidate_keys, media_name
from assets.gates.verbs import unobservable_start
from assets.models import Asset, Collection, Draft, Outcome
from people.models import AuditEntry
from tests.assets.factories import BODY, make_asset, make_version, outcome, source_of
from tests.factories import PersonFactory

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
pytestmark = pytest.mark.django_db


def findings(
    body: str = BODY, *, kind: str = "guide", key: str = "refunds/partial-refund", **front: object
) -> list[Finding]:
    """What the gates say of a draft with that body."""
    asset = Asset.objects.filter(key=key).first() or make_asset(key, kind=kind)
    asset = Asset.objects.select_related("collection").get(pk=asset.pk)
    return run_gates(candidate_of_draft(asset, source_of(key, kind=kind, body=body, **front)))  # type: ignore[arg-type]


def codes(found: list[Finding]) -> list[str]:
    return [finding.code for finding in found]


def test_a_good_text_has_no_findings() -> None:
    assert findings() == []


def test_no_outcome_an_unknown_one_and_a_heading_block() -> None:
    assert codes(findings(outcomes=())) == ["outcome-mapped"]
    found = findings(outcomes=("refunds.nothing",))
    assert codes(found) == ["outcome-mapped"]
    assert found[0].blocks
    assert found[0].line == 5
    Outcome.objects.create(key="refunds", framework=outcome().framework, statement="Refunds", is_group=True)
    assert "heading" in findings(outcomes=("refunds",))[0].message


def test_an_outcome_nobody_can_see_blocks() -> None:
    outcome("refunds.know", "Understand our refund policy")
    found = findings(outcomes=("refunds.know",))
    assert codes(found) == ["outcome-observable"]
    assert "explain" in found[0].fix


@pytest.mark.parametrize(
    ("statement", "phrase"),
    [
        ("Understand refunds", "understand"),
        ("know the limit", "know"),
        ("You will be able to understand how refunds work", "understand"),
        ("Be aware of phishing", "be aware of"),
        ("Fully appreciate the risks", "appreciate"),
        ("Awareness of phishing", "awareness of"),
        ("Issue a refund", None),
        ("Explain what customers understand by a refund", None),
        ("Know-how transfer to a colleague", None),
        ("Learners can issue a refund", None),
        ("By the end of this, learners will know the limit", "know"),
    ],
)
def test_verbs_that_cannot_be_seen(statement: str, phrase: str | None) -> None:
    found = unobservable_start(statement)
    assert (found[0] if found else None) == phrase


def test_a_text_without_a_check_needs_another_feedback_loop() -> None:
    assert codes(findings("Read this.\n")) == ["feedback-loop"]
    assert findings("Read this.\n\n::: observe At the desk\nThe refund is right.\n:::\n") == []
    make_asset("refunds/practice", kind="practice")
    assert findings("Then [practise](practice).\n") == []
    assert findings("A box.\n", kind="snippet", key="refunds/box") == []


def test_a_check_that_nobody_can_answer_blocks_at_its_line() -> None:
    found = findings("::: check single limit\nWhat?\n- [ ] One\n- [ ] One\n:::\n")
    assert set(codes(found)) == {"check-answerable"}
    assert all(finding.blocks and finding.line for finding in found)


def test_links_must_lead_somewhere() -> None:
    found = findings(f"[Gone](refunds/gone) [Out](https://example.com) [Mail](mailto:a@example.com)\n\n{BODY}")
    assert [(f.code, f.line) for f in found] == [("links-resolve", 7)]
    target = make_version("refunds/gone").asset
    assert findings(f"[Here](gone.md#what) [There](/a/refunds/gone/)\n\n{BODY}") == []
    retire_asset(actor=None, asset_id=target.pk)
    retired = findings(f"[Retired](gone)\n\n{BODY}")
    assert [(f.code, f.severity) for f in retired] == [("links-resolve", "warns")]
    inside = findings(f"[Nowhere](#nowhere) [When](#when-it-is-more)\n\n{BODY}")
    assert [(f.code, f.severity) for f in inside] == [("links-resolve", "warns")]


@pytest.mark.parametrize(
    ("href", "keys"),
    [
        ("decline.md", ("refunds/decline", "decline")),
        ("../orders/find", ("orders/find",)),
        ("../../orders/find", ()),
        ("refunds/decline", ("refunds/refunds/decline", "refunds/decline")),
        ("/a/refunds/decline/?x=1#y", ("refunds/decline",)),
        ("/refunds/decline", ("refunds/decline",)),
        ("https://example.com/a/b", ()),
        ("//example.com/a", ()),
        ("#part", ()),
        ("mailto:x@example.com", ()),
    ],
)
def test_what_a_link_may_mean(href: str, keys: tuple[str, ...]) -> None:
    assert candidate_keys("refunds/partial-refund", href)[: len(keys) or None] == keys


def test_images_need_a_text_and_a_file(media_folder: None) -> None:
    found = findings(f"![](panel.png)\n\n{BODY}")
    assert sorted(codes(found)) == ["image-alt", "media-present"]
    add_media(actor=None, asset_id=Asset.objects.get().pk, name="panel.png", data=PNG)
    assert findings(f"![The refund panel](media/panel.png)\n\n{BODY}") == []
    assert codes(findings(f"![panel.png](panel.png)\n\n{BODY}")) == ["image-alt"]
    assert codes(findings(f"![The panel](https://example.com/panel.png)\n\n{BODY}")) == ["media-present"]
    assert media_name("./img/a.png?x") == "img/a.png"


def test_headings_are_an_outline() -> None:
    found = findings(f"# Top\n\n### Deep\n\n{BODY}")
    assert [(f.code, f.line, f.severity) for f in found] == [
        ("heading-order", 7, "warns"),
        ("heading-order", 9, "warns"),
    ]


def test_a_long_text_warns_and_a_very_long_one_blocks() -> None:
    assert [(f.code, f.severity) for f in findings("Go on to the next page. " * 210 + f"\n\n{BODY}")] == [
        ("single-purpose", "warns")
    ]
    assert [(f.code, f.severity) for f in findings("Go on to the next page. " * 440 + f"\n\n{BODY}")] == [
        ("single-purpose", "blocks")
    ]
    many = "".join(f"## Part {n}\n\nDo it.\n\n" for n in range(13))
    assert codes(findings(many + BODY.replace("## When", "Text when"))) == ["single-purpose"]


def test_a_hard_text_warns_in_english_only() -> None:
    hard = (
        "Notwithstanding organisational considerations regarding reimbursement, representatives administering "
        "extraordinarily complicated transactions necessitating supervisory authorisation should systematically "
        "corroborate documentation concerning previously communicated contractual responsibilities. "
    ) * 6
    assert codes(findings(f"{hard}\n\n{BODY}")) == ["reading-level"]
    assert findings(f"{hard}\n\n{BODY}", more="locale: de-DE\n") == []


def test_a_pathway_needs_items_that_exist() -> None:
    def said(items: str) -> list[str]:
        return [
            f.message for f in findings("", kind="pathway", key="paths/one", outcomes=(), more=f"items: [{items}]\n")
        ]

    assert "no items" in said("")[0]
    make_version("refunds/partial-refund")
    assert said("refunds/partial-refund@1") == []
    assert "does not exist" in said("refunds/none")[0]
    assert "its newest is 1" in said("refunds/partial-refund@4")[0]
    assert "holds itself" in said("paths/one")[0]


def test_a_broken_file_and_a_wrong_key_block() -> None:
    asset = Asset.objects.select_related("collection").get(pk=make_asset().pk)
    broken = run_gates(candidate_of_draft(asset, "---\nkey: [\n---\nx\n"))
    assert broken[0].code == "readable"
    assert broken[0].line == 2
    other = run_gates(candidate_of_draft(asset, source_of("refunds/other", kind="video")))
    assert [f.code for f in other] == ["readable", "readable"]


def test_a_collection_turns_gates_off_or_makes_them_stricter() -> None:
    asset = make_asset()
    Collection.objects.update(gate_settings={"feedback-loop": "off", "heading-order": "block"})
    found = findings("### Deep\n\nText.\n")
    assert [(f.code, f.severity) for f in found] == [("heading-order", "blocks")]
    assert asset.collection_id


def test_a_version_with_a_blocking_finding_is_blocking_until_it_is_waived() -> None:
    asset = make_asset(source=source_of("refunds/partial-refund", body="Read this.\n"))
    version = save_version(actor=None, asset_id=asset.pk)
    assert codes(blocking([version.pk])[version.pk]) == ["feedback-loop"]
    lead = PersonFactory(role="lead")
    with pytest.raises(PermissionDenied):
        waive_gate(
            actor=PersonFactory(role="author"), version_id=version.pk, gate="feedback-loop", reason="Because it is"
        )
    with pytest.raises(ValidationError, match="Say why"):
        waive_gate(actor=lead, version_id=version.pk, gate="feedback-loop", reason="  ")
    with pytest.raises(ValidationError, match="no gate"):
        waive_gate(actor=lead, version_id=version.pk, gate="nothing", reason="Because it is so.")
    waive_gate(actor=lead, version_id=version.pk, gate="feedback-loop", reason="The desk asks for it this afternoon.")
    assert blocking([version.pk]) == {}
    assert codes(run_gates_on_version(version.pk)) == ["feedback-loop"], "waived, not gone"
    entry = AuditEntry.objects.get(action="gate.waived")
    assert entry.data["reason"] == "The desk asks for it this afternoon."
    draft = Draft.objects.get()
    save_draft(actor=None, asset_id=asset.pk, source=draft.source + "\nMore.\n", edit=draft.edit)
    after = save_version(actor=None, asset_id=asset.pk)
    assert blocking([after.pk]), "a waiver is for one version"


def test_the_database_refuses_a_waiver_without_a_reason() -> None:
    version = make_version()
    person = PersonFactory()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assets_waiver (version_id, gate, reason, by_id, at) VALUES (%s, 'x', '', %s, now())",
            [version.pk, person.pk],
        )


def test_a_version_is_judged_by_what_it_was_saved_with(media_folder: None) -> None:
    body = f"![The panel](panel.png)\n\n{BODY}"
    asset = make_asset(source=source_of("refunds/partial-refund", outcomes=("late.one",), body=body))
    version = save_version(actor=None, asset_id=asset.pk)
    outcome("late.one")
    add_media(actor=None, asset_id=asset.pk, name="panel.png", data=PNG)
    found = blocking([version.pk])[version.pk]
    assert sorted(codes(found)) == ["media-present", "outcome-mapped"]
    assert all("saved before" in finding.message for finding in found)
    again = save_version(actor=None, asset_id=asset.pk)
    assert blocking([again.pk]) == {}


@pytest.mark.parametrize("count", [2, 12])
def test_many_versions_are_judged_in_two_queries(count: int, django_assert_num_queries: Callable[..., object]) -> None:
    versions = [make_version(f"refunds/number-{n}").pk for n in range(count)]
    with django_assert_num_queries(2):
        assert blocking(versions) == {}


def test_upper_rooms_add_gates_but_not_under_a_taken_code() -> None:
    def check(_candidate: Candidate) -> list[Found]:
        return []

    with pytest.raises(ValueError, match="Two gates"):
        register(Gate("image-alt", all_gates()[0].title, "warns", check))
