"""The authoring screen, through its forms: without script, and as scripts use it."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assets.actions.drafts import save_draft
from assets.models import Asset, Collection, Draft, Media, Version
from people.models import User
from tests.assets.factories import BODY, author_in, make_asset, make_version, outcome, source_of
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def lead(client: Client) -> User:
    person = PersonFactory(role="lead", first_name="Maren", last_name="Solberg")
    client.force_login(person)
    return person


def page_of(asset: Asset) -> str:
    return f"/admin/assets/asset/{asset.pk}/change/"


def fields_of(asset: Asset, **changes: object) -> dict[str, object]:
    """What a browser would send: every field as the page shows it, line ends as CRLF."""
    draft = Draft.objects.get(pk=asset.pk)
    head, body = draft.source.split("---\n", 2)[1:]
    title = next(line for line in head.splitlines() if line.startswith("title: ")).removeprefix("title: ")
    fields: dict[str, object] = {
        "base": draft.source, "edit": draft.edit, "title": title, "summary": "", "body": body, "front": head,
        "outcomes": ["refunds.partial"], "items": "", "add_outcome": "", "review_by": "", "message": "", "do": "draft",
    }  # fmt: skip
    sent = fields | changes
    return {k: v.replace("\n", "\r\n") if isinstance(v, str) else v for k, v in sent.items()}


def test_the_screen_shows_text_preview_findings_and_versions(client: Client, lead: User) -> None:
    version = make_version()
    page = client.get(page_of(version.asset)).content.decode()
    assert "You approve up to £200 per order alone." in page
    assert "Nothing stands in the way of a release." in page
    assert "Save as v2" in page
    assert "Issue a partial refund within the limit" in page


def test_sending_the_page_back_unchanged_changes_no_byte(client: Client, lead: User) -> None:
    asset = make_asset(source=source_of("refunds/partial-refund", more="tags: [ a,  b ]   # kept\n"))
    before = Draft.objects.get()
    assert client.post(page_of(asset), fields_of(asset)).status_code == 302
    after = Draft.objects.get()
    assert (after.source, after.edit) == (before.source, before.edit)


def test_a_changed_title_and_body_are_saved_and_the_rest_of_the_file_stays(client: Client, lead: User) -> None:
    asset = make_asset(source=source_of("refunds/partial-refund", more="tags: [ a,  b ]   # kept\n"))
    client.post(page_of(asset), fields_of(asset, title="Refund a part", body="Short now.\n"))
    source = Draft.objects.get().source
    assert "title: Refund a part\n" in source
    assert "tags: [ a,  b ]   # kept\n" in source
    assert source.endswith("---\nShort now.\n")


def test_a_version_is_saved_with_its_message_and_release_leads_on(client: Client, lead: User) -> None:
    asset = make_asset()
    client.post(page_of(asset), fields_of(asset, do="version", message="First"))
    version = Version.objects.get()
    assert (version.number, version.message, version.author) == (1, "First", lead)
    answer = client.post(page_of(asset), fields_of(asset, do="release", body=BODY + "\nMore.\n"))
    assert answer["Location"] == "/releases/new/?asset=refunds/partial-refund"
    assert Version.objects.count() == 2


def test_an_outcome_is_added_by_its_words_and_removed_by_its_button(client: Client, lead: User) -> None:
    asset = make_asset()
    outcome("refunds.decline", "Decline a refund and keep the customer")
    client.post(page_of(asset), fields_of(asset, add_outcome="decline a refund and keep the customer"))
    assert "outcomes: [refunds.partial, refunds.decline]" in Draft.objects.get().source
    fields = fields_of(asset, outcomes=["refunds.partial", "refunds.decline"], do="remove-outcome:refunds.partial")
    client.post(page_of(asset), fields)
    assert "outcomes: [refunds.decline]" in Draft.objects.get().source


def test_an_unknown_outcome_is_refused_at_its_field_and_nothing_typed_is_lost(client: Client, lead: User) -> None:
    asset = make_asset()
    answer = client.post(page_of(asset), fields_of(asset, add_outcome="Fly", body="Typed just now.\n"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "There is no outcome “Fly”" in page
    assert "Typed just now." in page


def test_a_check_is_added_without_script_and_asked_for_as_text_by_script(client: Client, lead: User) -> None:
    asset = make_asset()
    check = {
        "check_type": "single", "check_key": "", "check_prompt": "Who approves more than £200?",
        "answer_1": "The lead on shift", "right_1": "on", "feedback_1": "Right.", "answer_2": "Nobody",
    }  # fmt: skip
    client.post(page_of(asset), fields_of(asset, do="check", **check))
    source = Draft.objects.get().source
    block = (
        "::: check single who-approves-more-than-200\nWho approves more than £200?\n"
        "- [x] The lead on shift — Right.\n- [ ] Nobody\n:::\n"
    )
    assert source.endswith(block)
    again = client.post(f"/admin/assets/asset/{asset.pk}/check/", check).json()
    assert again["block"].startswith("::: check single who-approves-more-than-200-2\n")
    refused = client.post(f"/admin/assets/asset/{asset.pk}/check/", check | {"right_1": ""})
    assert refused.status_code == 422
    assert "Mark the answer that is right" in refused.json()["errors"][0]


def test_a_file_is_kept_and_served_to_people_who_are_signed_in(client: Client, lead: User, media_folder: None) -> None:
    asset = make_asset()
    file = SimpleUploadedFile("panel.png", PNG)
    client.post(page_of(asset), fields_of(asset, do="media") | {"file": file})
    media = Media.objects.get()
    path = f"/media/{media.file_id}/panel.png"
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert Client().get(path).status_code == 302
    bad = client.post(page_of(asset), fields_of(asset, do="media") | {"file": SimpleUploadedFile("a.png", b"<html>")})
    assert bad.status_code == 422


def test_autosave_saves_the_draft_and_returns_what_changed(client: Client, lead: User) -> None:
    asset = make_asset()
    path = f"/admin/assets/asset/{asset.pk}/draft/"
    said = client.post(path, fields_of(asset, body="See [this](nowhere).\n\n" + BODY)).json()
    assert said["edit"] == 2
    assert said["lines"] == [{"line": 1, "severity": "blocks"}]
    assert "leads to no asset" in said["findings"]
    assert 'See <span class="missing">this</span>.' in said["preview"]
    assert not Version.objects.exists()


def test_two_people_writing_apart_are_merged_and_at_the_same_place_are_asked(client: Client, lead: User) -> None:
    asset = make_asset()
    stale = fields_of(asset)
    draft = Draft.objects.get()
    other = draft.source.replace("The lead on shift", "Your lead")
    save_draft(actor=PersonFactory(), asset_id=asset.pk, source=other, edit=draft.edit)
    path = f"/admin/assets/asset/{asset.pk}/draft/"
    apart = stale | {"body": str(stale["body"]).replace("Open the order", "Find the order")}
    assert client.post(path, apart).status_code == 200
    merged = Draft.objects.get().source
    assert "Find the order" in merged
    assert "Your lead" in merged
    same = stale | {"body": str(stale["body"]).replace("The lead on shift", "Nobody")}
    assert client.post(path, same).status_code == 409
    page = client.post(page_of(asset), same)
    assert page.status_code == 409
    assert "Two people changed the same place" in page.content.decode()
    assert Draft.objects.get().source == merged
    context = page.context
    fields = {
        "do": "resolve", "edit": context["draft"].edit, "base": context["collision"].base,
        "ours": context["collision"].ours, "theirs": context["collision"].theirs,
    }  # fmt: skip
    assert client.post(page_of(asset), fields).status_code == 409, "a choice is missing"
    chosen = {f"choice_{conflict.id}": "ours" for conflict in context["conflicts"]}
    assert client.post(page_of(asset), fields | chosen).status_code == 302
    after = Draft.objects.get().source
    assert "Nobody approves in the same panel" in after
    assert "Find the order" in after


def test_versions_are_compared_as_read_and_as_text(client: Client, lead: User) -> None:
    version = make_version()
    asset = version.asset
    client.post(page_of(asset), fields_of(asset, body=BODY.replace("£200 per order", "£250 per order")))
    answer = client.post(page_of(asset), fields_of(asset, do="compare") | {"from": "1", "to": "draft"})
    page = client.get(answer["Location"]).content.decode()
    assert "<del>200</del>" in page or "<del>£200</del>" in page
    assert "material" in page
    assert client.get(f"/admin/assets/asset/{asset.pk}/compare/?from=x").status_code == 404


def test_only_authors_of_the_collection_come_in(client: Client) -> None:
    asset = make_asset()
    author = PersonFactory(role="author")
    client.force_login(author)
    refused = client.get(page_of(asset))
    assert refused.status_code == 403
    assert "not an author of the collection" in refused.content.decode()
    author_in(asset.collection, author)
    assert client.get(page_of(asset)).status_code == 200
    client.force_login(PersonFactory(role="sme"))
    assert client.get(page_of(asset)).status_code in {302, 403}


def test_a_new_asset_gets_its_key_from_its_title(client: Client, lead: User) -> None:
    collection = Collection.objects.create(key="refunds", name="Refunds")
    form = {"title": "Decline a refund", "kind": "guide", "collection": collection.pk, "key": ""}
    answer = client.post("/admin/assets/asset/add/", form)
    asset = Asset.objects.get()
    assert (asset.key, asset.owner) == ("refunds/decline-a-refund", lead)
    assert answer["Location"] == page_of(asset)
    again = client.post("/admin/assets/asset/add/", form)
    assert "is taken" in again.content.decode()


def test_a_broken_front_matter_can_be_opened_and_mended(client: Client, lead: User) -> None:
    asset = make_asset(source="---\nkey: [\n---\nText.\n")
    page = client.get(page_of(asset))
    assert page.status_code == 200
    fields: dict[str, object] = {
        "base": Draft.objects.get().source, "edit": 1, "title": "", "summary": "", "body": "Text.\n", "items": "",
        "front": "key: refunds/partial-refund\ntitle: Mended\n", "do": "draft",
    }  # fmt: skip
    client.post(page_of(asset), fields)
    assert Draft.objects.get().source == "---\nkey: refunds/partial-refund\ntitle: Mended\n---\nText.\n"


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_costs_the_same_for_few_and_many(
    count: int, client: Client, lead: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for n in range(count):
        make_version(f"refunds/number-{n}")
    with django_assert_max_num_queries(9):
        page = client.get("/admin/assets/asset/").content.decode()
    assert page.count("refunds/number-") == count


def test_a_collection_says_how_strict_its_gates_are(client: Client, lead: User) -> None:
    collection = Collection.objects.create(key="refunds", name="Refunds")
    page = f"/admin/assets/collection/{collection.pk}/change/"
    fields = {
        "name": "Refunds", "key": "refunds", "gate_heading-order": "block", "gate_image-alt": "",
        "members-TOTAL_FORMS": 1, "members-INITIAL_FORMS": 0, "members-0-user": lead.pk, "members-0-role": "author",
    }  # fmt: skip
    answer = client.post(page, fields)
    assert answer.status_code == 302, answer.content.decode()
    collection.refresh_from_db()
    assert collection.gate_settings == {"heading-order": "block"}
    assert collection.members.get().user == lead


def test_an_outcome_that_nobody_can_see_is_refused_on_its_page(client: Client, lead: User) -> None:
    framework = outcome().framework
    fields = {"framework": framework.pk, "key": "desk.know", "statement": "Understand the desk", "position": 0}
    refused = client.post("/admin/assets/outcome/add/", fields).content.decode()
    assert "explain, choose, predict" in refused
    client.post("/admin/assets/outcome/add/", fields | {"statement": "Find an order"})
    assert outcome("desk.know").statement == "Find an order"
