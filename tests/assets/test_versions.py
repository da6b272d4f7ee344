"""Versions: immutable, numbered, hashed, saved one by one or by the thousand."""

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from assets.actions.assets import NewAsset, create_assets, set_review_by
from assets.actions.drafts import DraftMoved, save_draft
from assets.actions.media import add_media
from assets.actions.versions import NewVersion, save_version, save_versions
from assets.models import (
    AssetAlias,
    Check,
    Dependency,
    Draft,
    Rendering,
    Version,
    VersionCheck,
    VersionCheckOutcome,
    VersionMedia,
    VersionOutcome,
)
from people.models import AuditEntry
from tests.assets.factories import BODY, CollectionFactory, make_asset, make_version, outcome, source_of

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20

pytestmark = pytest.mark.django_db


def change_draft(asset_id: int, old: str, new: str) -> Draft:
    draft = Draft.objects.get(pk=asset_id)
    assert old in draft.source
    return save_draft(actor=None, asset_id=asset_id, source=draft.source.replace(old, new), edit=draft.edit)


def test_a_version_holds_the_draft_and_what_is_read_from_it() -> None:
    asset = make_asset()
    version = save_version(actor=None, asset_id=asset.pk, message="First")
    saved = Version.objects.get()
    assert (saved.pk, saved.number, saved.title) == (version.pk, 1, "Issue a partial refund")
    assert saved.source == Draft.objects.get().source
    assert saved.change_class == "material"
    assert "£200 per order" in saved.text
    assert "Too low" not in saved.text, "feedback is not for search"
    check = VersionCheck.objects.get()
    assert check.check_identity.key == "partial-limit"
    assert check.data["choices"][1]["right"] is True
    assert VersionOutcome.objects.get().outcome.key == "refunds.partial"
    assert VersionCheckOutcome.objects.get().outcome.key == "refunds.partial"
    kinds = [segment[0] for segment in Rendering.objects.get().segments]
    assert kinds == ["html", "check"]
    assert Draft.objects.get().based_on_id == version.pk
    entry = AuditEntry.objects.get(action="asset.version_saved")
    assert entry.data["version_id"] == version.pk


def test_identical_content_makes_no_version() -> None:
    first = make_version()
    again = save_version(actor=None, asset_id=first.asset_id)
    assert again.pk == first.pk
    assert Version.objects.count() == 1


def test_an_outcome_that_comes_later_makes_the_same_text_a_new_version() -> None:
    asset = make_asset(source=source_of("refunds/partial-refund", outcomes=("later.one",)))
    first = save_version(actor=None, asset_id=asset.pk)
    assert not VersionOutcome.objects.exists()
    outcome("later.one")
    second = save_version(actor=None, asset_id=asset.pk)
    assert (first.number, second.number) == (1, 2)
    assert second.change_class == "material"
    assert VersionOutcome.objects.get().version_id == second.pk


def test_a_replaced_file_makes_the_same_text_a_new_version(media_folder: None) -> None:
    body = "![The panel](panel.png)\n\n" + BODY
    asset = make_asset(source=source_of("refunds/partial-refund", body=body))
    add_media(actor=None, asset_id=asset.pk, name="panel.png", data=PNG)
    first = save_version(actor=None, asset_id=asset.pk)
    add_media(actor=None, asset_id=asset.pk, name="panel.png", data=PNG + b"1")
    second = save_version(actor=None, asset_id=asset.pk)
    assert [first.number, second.number] == [1, 2]
    assert second.change_class == "editorial"
    assert list(second.change_reasons) == ["A file was replaced."]
    files = dict(VersionMedia.objects.values_list("version__number", "file_id"))
    assert files[1] != files[2]


@pytest.mark.parametrize("table", [
    "version", "versioncheck", "versionoutcome", "versioncheckoutcome", "dependency", "versionmedia",
])  # fmt: skip
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_version(table: str, statement: str, media_folder: None) -> None:
    make_version("refunds/other")
    body = "[Other](other) ![The panel](panel.png)\n\n" + BODY
    asset = make_asset(source=source_of("refunds/partial-refund", body=body))
    add_media(actor=None, asset_id=asset.pk, name="panel.png", data=PNG)
    save_version(actor=None, asset_id=asset.pk)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="A version never changes"):
        cursor.execute(statement.format(f"assets_{table}"))


def test_an_editorial_change_keeps_the_hash_of_its_checks_and_a_material_one_does_not() -> None:
    first = make_version()
    before = bytes(VersionCheck.objects.get(version=first).content_hash)
    change_draft(first.asset_id, "The lead on shift approves", "Your lead on shift approves")
    change_draft(first.asset_id, "Too low: that was", "Too low. That was")
    editorial = save_version(actor=None, asset_id=first.asset_id)
    assert editorial.change_class == "editorial"
    assert bytes(VersionCheck.objects.get(version=editorial).content_hash) == before
    change_draft(first.asset_id, "- [x] £200 — Right.", "- [x] £250 — Right.")
    material = save_version(actor=None, asset_id=first.asset_id)
    assert material.change_class == "material"
    assert any("partial-limit" in reason for reason in material.change_reasons)
    assert bytes(VersionCheck.objects.get(version=material).content_hash) != before


def test_an_author_can_raise_a_change_and_every_check_is_asked_again() -> None:
    first = make_version()
    change_draft(first.asset_id, "The lead on shift", "Your lead on shift")
    raised = save_version(actor=None, asset_id=first.asset_id, raise_to_material=True)
    assert raised.change_class == "material"
    hashes = {bytes(check.content_hash) for check in VersionCheck.objects.all()}
    assert len(hashes) == 2
    change_draft(first.asset_id, "Your lead on shift", "A lead on shift")
    after = save_version(actor=None, asset_id=first.asset_id)
    assert after.change_class == "editorial"
    assert {bytes(check.content_hash) for check in VersionCheck.objects.all()} == hashes


def test_links_items_and_aliases_become_rows() -> None:
    target = make_version("refunds/decline").asset
    body = "See [declining](decline.md), [again](/a/refunds/decline/#when) and [nothing](missing).\n\n" + BODY
    more = "aliases: [old/refund]\n"
    asset = make_asset(source=source_of("refunds/partial-refund", body=body, more=more))
    version = save_version(actor=None, asset_id=asset.pk)
    assert list(Dependency.objects.values_list("kind", "target")) == [("link", target.pk)]
    html = Rendering.objects.get(version=version).segments[0][1]
    assert 'href="/a/refunds/decline/"' in html
    assert 'href="/a/refunds/decline/#when"' in html
    assert AssetAlias.objects.get(key="old/refund").asset_id == asset.pk


def test_a_newer_version_is_merged_into_a_draft_that_was_being_written() -> None:
    first = make_version()
    change_draft(first.asset_id, "Open the order", "Find and open the order")
    other = first.source.replace("The lead on shift approves", "Your lead approves")
    save_versions([NewVersion(asset_id=first.asset_id, source=other)])
    assert Draft.objects.get().based_on_id == first.pk, "a draft somebody writes does not follow"
    third = save_version(actor=None, asset_id=first.asset_id)
    assert third.number == 3
    assert "Find and open the order" in third.source
    assert "Your lead approves" in third.source
    assert Draft.objects.get().source == third.source


def test_a_collision_with_a_newer_version_is_shown_and_saves_nothing() -> None:
    first = make_version()
    change_draft(first.asset_id, "The lead on shift approves", "Ask your lead")
    other = first.source.replace("The lead on shift approves", "Nobody approves")
    save_versions([NewVersion(asset_id=first.asset_id, source=other)])
    with pytest.raises(DraftMoved) as moved:
        save_version(actor=None, asset_id=first.asset_id)
    assert moved.value.collision.conflicts
    assert Version.objects.count() == 2
    assert "Ask your lead" in Draft.objects.get().source


def test_a_text_without_a_title_or_with_a_broken_front_matter_is_no_version() -> None:
    asset = make_asset()
    draft = Draft.objects.get()
    save_draft(actor=None, asset_id=asset.pk, source="---\nkey: [\n---\nBody\n", edit=draft.edit)
    with pytest.raises(ValidationError, match="Line 2"):
        save_version(actor=None, asset_id=asset.pk)
    assert not Version.objects.exists()


def test_saving_follows_the_front_matter_but_never_undoes_a_review_date() -> None:
    asset = make_asset(source=source_of("refunds/partial-refund", more="review_by: 2027-05-01\nlocale: en-US\n"))
    save_version(actor=None, asset_id=asset.pk)
    asset.refresh_from_db()
    assert (str(asset.review_by), asset.locale) == ("2027-05-01", "en-US")
    assert set_review_by(actor=None, asset_ids=[asset.pk], review_by=None) == 1
    change_draft(asset.pk, "title: Issue a partial refund", "title: Refund a part")
    save_version(actor=None, asset_id=asset.pk)
    asset.refresh_from_db()
    assert (asset.review_by, asset.title) == (None, "Refund a part")


@pytest.mark.parametrize("count", [3, 30])
def test_many_versions_cost_the_same_queries(count: int, django_assert_num_queries: Callable[..., object]) -> None:
    outcome()
    target = make_version("refunds/target").asset
    collection = CollectionFactory()
    keys = [f"many/asset-{n}" for n in range(count)]
    body = f"[Target](/a/{target.key}/)\n\n{BODY}"
    items = [
        NewAsset(collection=collection, key=key, kind="guide", title="T", source=source_of(key, title="T", body=body))
        for key in keys
    ]
    # Two of each are the savepoint inside the test's own transaction.
    with django_assert_num_queries(7):
        assets = create_assets(actor=None, items=items)
    with django_assert_num_queries(10):
        save_versions([NewVersion(asset_id=a.pk, source=i.source or "") for a, i in zip(assets, items, strict=True)])
    assert Version.objects.filter(asset__in=assets).count() == count
    assert Dependency.objects.count() == count
    assert Draft.objects.exclude(based_on=None).count() == count + 1


def test_several_versions_of_one_asset_in_one_batch_follow_each_other() -> None:
    asset = make_asset()
    text = Draft.objects.get().source
    other = text.replace("£200 per order", "£250 per order")
    made = save_versions([NewVersion(asset_id=asset.pk, source=s) for s in (text, text, other, text)])
    assert [version.number for version in made] == [1, 1, 2, 3]
    assert made[0].pk == made[1].pk
    assert Check.objects.count() == 1
    assert [v.change_class for v in Version.objects.order_by("number")] == ["material", "material", "material"]


@pytest.mark.django_db(transaction=True)
def test_numbers_are_never_given_twice() -> None:
    first = make_version()
    errors: list[Exception] = []

    def save(n: int) -> None:
        try:
            save_versions([NewVersion(asset_id=first.asset_id, source=first.source + f"\nLine {n}.\n")])
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not errors
    assert sorted(Version.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
