"""What the portal and authors read of versions, in how many queries; and who may."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import Http404

from assets import policies
from assets.actions.assets import retire_asset, set_owner
from assets.actions.drafts import save_draft
from assets.actions.media import add_media, type_of
from assets.actions.versions import save_version
from assets.models import Asset, AssetAlias, Collection, Draft
from assets.panels import register_panel
from assets.queries.checks import check_in_version
from assets.queries.library import compare, version_rows, where_used
from assets.queries.pages import version_page
from tests.assets.factories import BODY, CollectionFactory, author_in, make_asset, make_version, source_of
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_page_holds_what_a_learner_may_see_and_no_answer(django_assert_num_queries: Callable[..., object]) -> None:
    version = make_version()
    with django_assert_num_queries(2):
        page = version_page(version.pk)
    assert (page.title, page.key, page.number, page.kind) == (
        "Issue a partial refund",
        "refunds/partial-refund",
        1,
        "guide",
    )
    assert [kind for kind, _ in page.segments] == ["html", "check"]
    check = page.checks["partial-limit"]
    assert [choice["text"] for choice in check.public["choices"]] == ["£50", "£200", "Any amount"]
    assert "Right" not in str(check)
    assert "Too low" not in str(page)
    assert page.outcomes[0].key == "refunds.partial"
    with django_assert_num_queries(1):
        version_page(version.pk)


def test_a_kept_page_still_follows_what_may_change() -> None:
    version = make_version()
    assert version_page(version.pk).owner == ""
    set_owner(actor=None, asset_ids=[version.asset_id], owner=PersonFactory(first_name="Tomasz", last_name="Wolny"))
    retire_asset(actor=None, asset_id=version.asset_id)
    page = version_page(version.pk)
    assert page.owner == "Tomasz Wolny"
    assert page.retired_at is not None


def test_a_pathway_page_has_its_items_in_order() -> None:
    for key in ("refunds/b", "refunds/a"):
        make_version(key)
    source = source_of("paths/one", kind="pathway", outcomes=(), body="", more="items: [refunds/b, refunds/a@1]\n")
    version = save_version(actor=None, asset_id=make_asset("paths/one", kind="pathway", source=source).pk)
    items = version_page(version.pk).items
    assert [(item.key, item.pinned) for item in items] == [("refunds/b", None), ("refunds/a", 1)]
    used = where_used(Asset.objects.get(key="refunds/a").pk)
    assert [(use.key, use.how, use.pinned) for use in used] == [("paths/one", "item", 1)]


def test_where_used_follows_the_newest_version_only(django_assert_num_queries: Callable[..., object]) -> None:
    target = make_version("refunds/target").asset
    asset = make_asset(source=source_of("refunds/partial-refund", body=f"[T](target)\n\n{BODY}"))
    save_version(actor=None, asset_id=asset.pk)
    with django_assert_num_queries(1):
        assert [use.key for use in where_used(target.pk)] == ["refunds/partial-refund"]
    draft = Draft.objects.get(pk=asset.pk)
    save_draft(actor=None, asset_id=asset.pk, source=source_of("refunds/partial-refund"), edit=draft.edit)
    save_version(actor=None, asset_id=asset.pk)
    assert where_used(target.pk) == []


def test_a_check_is_graded_by_its_version() -> None:
    version = make_version()
    found = check_in_version(version.pk, "partial-limit")
    right = next(choice for choice in found.content.choices if choice.right)
    assert right.text == "£200"
    assert found.outcome_ids
    with pytest.raises(Http404):
        check_in_version(version.pk, "nothing")


def test_versions_and_the_draft_are_compared(django_assert_num_queries: Callable[..., object]) -> None:
    version = make_version()
    draft = Draft.objects.get()
    changed = draft.source.replace("£200 per order", "£250 per order")
    save_draft(actor=None, asset_id=version.asset_id, source=changed, edit=draft.edit)
    asset = version.asset
    with django_assert_num_queries(3):
        found = compare(asset, 1, None)
    assert found.change.kind == "material"
    assert [row.number for row in version_rows(version.asset_id)] == [1]
    with pytest.raises(Http404):
        compare(version.asset, 1, 7)


def test_who_may_edit_review_and_suggest() -> None:
    asset = make_asset()
    home = asset.collection
    lead, author, stranger, sme, learner = (
        PersonFactory(role=r) for r in ("lead", "author", "author", "sme", "learner")
    )
    author_in(home, author)
    home.members.create(user=sme, role="reviewer")
    assert policies.asset_for_edit(lead, asset.key) == asset
    assert policies.asset_for_edit(author, asset.key) == asset
    for person in (stranger, sme, learner):
        with pytest.raises(PermissionDenied):
            policies.asset_for_edit(person, asset.key)
    assert policies.asset_for_reading_draft(sme, asset.key) == asset
    with pytest.raises(PermissionDenied):
        policies.asset_for_reading_draft(learner, asset.key)
    assert [policies.may_see_answers(p, asset) for p in (lead, author, sme, learner)] == [True, True, True, False]
    assert list(policies.collections_of(author)) == [home]
    assert not policies.collections_of(sme).exists()
    assert not policies.can_suggest(learner, asset)
    Collection.objects.update(learners_may_suggest=True)
    asset.collection.refresh_from_db()
    assert policies.can_suggest(learner, asset)


def test_a_former_key_leads_to_the_asset() -> None:
    asset = make_asset()
    AssetAlias.objects.create(key="old/key", asset=asset)
    assert policies.asset_by_key("old/key") == asset
    with pytest.raises(Http404):
        policies.asset_by_key("none")


def test_a_member_of_two_collections_sees_each_once() -> None:
    author = PersonFactory(role="author")
    for _ in range(2):
        author_in(CollectionFactory(), author)
    assert policies.collections_of(author).count() == 2


def test_versions_are_verified_and_one_that_was_changed_is_named() -> None:
    version = make_version()
    out = StringIO()
    call_command("verify_versions", stdout=out)
    assert "All 1 versions are as they were saved." in out.getvalue()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # triggers are off, as a superuser can
        cursor.execute("UPDATE assets_version SET source = source || 'x' WHERE id = %s", [version.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    errors = StringIO()
    with pytest.raises(CommandError, match="1 of 1 versions changed"):
        call_command("verify_versions", stderr=errors)
    assert "refunds/partial-refund v1" in errors.getvalue()


def test_the_type_of_a_file_is_in_its_bytes(media_folder: None) -> None:
    asset = make_asset()
    assert type_of(b"\x89PNG\r\n\x1a\n") == "image/png"
    assert type_of(b"<?xml version='1.0'?><!-- x --><svg xmlns='a'/>") == "image/svg+xml"
    assert type_of(b"<html>") is None
    first = add_media(actor=None, asset_id=asset.pk, name="a.svg", data=b"<svg></svg>")
    second = add_media(actor=None, asset_id=asset.pk, name="img/b.svg", data=b"<svg></svg>")
    assert first.file_id == second.file_id
    for name in ("../x.png", "/etc/passwd", "a\\..\\b.png", "", ".hidden"):
        with pytest.raises(Exception, match="cannot be the name"):
            add_media(actor=None, asset_id=asset.pk, name=name, data=b"<svg></svg>")


def test_two_panels_cannot_have_one_name() -> None:
    register_panel("test.one", 1, _nothing)
    with pytest.raises(ValueError, match=r"test\.one"):
        register_panel("test.one", 1, lambda _request, _asset: None)


def _nothing(_request: object, _asset: object) -> None:
    return None
