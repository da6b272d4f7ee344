"""Files, comparisons and imports over REST."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from assets.actions.drafts import save_draft
from assets.actions.media import MAX_BYTES
from assets.models import Asset, Collection, Draft, Media, Version
from assets.rest.media import MAX_IMPORT
from assets.rest.uploads import FORM_BYTES
from people.models import AuditEntry
from tests.assets.factories import make_version
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
MEDIA = "/api/v1/media/refunds/partial-refund/"
COMPARE = "/api/v1/compare/refunds/partial-refund/"
IMPORT = "/api/v1/content-import/"


def client_of(role: str, username: str) -> APIClient:
    client = APIClient()
    client.force_login(PersonFactory(role=role, username=username))
    return client


@pytest.fixture
def api() -> APIClient:
    return client_of("lead", "maren")


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def packed(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.md", text)
    return held.getvalue()


def test_a_file_is_kept_and_listed(api: APIClient, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_version()
    answer = api.post(MEDIA, {"name": "img/panel.png", "file": sent("x.bin", PNG)}, format="multipart")
    assert answer.status_code == 201, answer.json()
    kept = answer.json()
    assert (kept["name"], kept["content_type"], kept["size"]) == ("img/panel.png", "image/png", len(PNG))
    assert kept["uploaded_by"] == "maren"
    assert api.post(MEDIA, {"file": sent("a.png", PNG)}, format="multipart").json()["name"] == "a.png"
    again = api.post(MEDIA, {"name": "a.png", "file": sent("b.png", PNG + b"1")}, format="multipart").json()
    assert [row["name"] for row in api.get(MEDIA).json()] == ["a.png", "img/panel.png"]
    assert Media.objects.get(name="a.png").file_id == again["sha256"]
    assert AuditEntry.objects.filter(action="asset.media_added").count() == 3
    api.get(MEDIA)
    with django_assert_num_queries(3):  # whatever the number of files
        api.get(MEDIA)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("../panel.png", PNG, "cannot be the name"),
        ("panel.png", b"MZ a program", "not an image"),
        ("panel.png", b"", "empty"),
    ],
)
def test_what_cannot_be_kept_is_refused(api: APIClient, name: str, data: bytes, said: str) -> None:
    make_version()
    answer = api.post(MEDIA, {"name": name, "file": sent("panel.png", data)}, format="multipart")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert said in answer.json()["detail"]
    assert not Media.objects.exists()


@pytest.mark.parametrize(("path", "limit"), [(MEDIA, MAX_BYTES), (IMPORT, MAX_IMPORT)])
def test_what_is_too_large_is_refused_before_it_is_read(api: APIClient, path: str, limit: int) -> None:
    make_version()
    answer = api.post(path, {"file": sent("a.zip", b"0" * (limit + FORM_BYTES))}, format="multipart")
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["type"] == "urn:learningops:problem:too-large"


def test_who_is_no_author_of_the_collection_adds_no_file(api: APIClient) -> None:
    make_version()
    other = client_of("author", "ines")
    assert other.post(MEDIA, {"file": sent("a.png", PNG)}, format="multipart").status_code == 403
    assert other.get(MEDIA).status_code == 403
    assert not Media.objects.exists()


def test_a_version_and_the_draft_are_compared(api: APIClient) -> None:
    version = make_version()
    draft = Draft.objects.get()
    changed = draft.source.replace("- [ ] £50", "- [ ] £60").replace("The lead on shift", "Your lead")
    save_draft(actor=version.asset.owner, asset_id=draft.pk, source=changed, edit=draft.edit)
    found = api.get(COMPARE, {"from": "1"}).json()
    assert (found["old"]["number"], found["new"]["number"]) == (1, None)
    assert found["change_class"] == "material"
    assert found["reasons"]
    assert [(check["key"], check["state"]) for check in found["checks"]] == [("partial-limit", "changed")]
    assert {"choices"} == set(found["checks"][0]["changed"])
    kinds = [(line["kind"], line["text"][:9]) for line in found["lines"] if line["kind"] != "same"]
    assert ("removed", "- [ ] £50") in kinds
    assert ("added", "- [ ] £60") in kinds
    saved = api.post("/api/v1/versions/", {"asset": "refunds/partial-refund"})
    assert saved.status_code == 201
    numbered = api.get(COMPARE, {"from": "1", "to": "2"}).json()
    assert numbered["new"]["number"] == 2
    assert numbered["lines"] == found["lines"]
    same = api.get(COMPARE, {"from": "2", "to": "draft"}).json()
    assert (same["change_class"], same["lines"], same["checks"]) == ("editorial", [], [])


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("?from=draft", 400), ("?from=1&to=x", 400), (f"?from={'9' * 5000}", 400), ("?from=999999999", 404)],
)
def test_what_is_no_version_cannot_be_compared(api: APIClient, query: str, status: int) -> None:
    make_version()
    answer = api.get(COMPARE + query)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_who_may_not_read_the_draft_compares_nothing(api: APIClient) -> None:
    make_version()
    for role in ("learner", "author"):
        answer = client_of(role, f"the-{role}").get(COMPARE, {"from": "1"})
        assert answer.status_code == 403
        assert "£200" not in answer.content.decode()


def test_an_archive_is_tried_imported_and_changes_nothing_again(api: APIClient) -> None:
    data = packed(refund="# Refund\n\nOpen the order.\n", escalate="# Escalate\n\nAsk the lead.\n")

    def post(**more: str) -> dict[str, object]:
        given = {"file": sent("desk.zip", data), "format": "markdown", "collection": "desk", **more}
        answer = api.post(IMPORT, given, format="multipart")
        assert answer.status_code == 200, answer.json()
        return dict(answer.json())

    tried = post(dry_run="true")
    assert (tried["dry_run"], sorted(map(str, tried["assets"]))) == (True, ["desk/escalate", "desk/refund"])  # type: ignore[call-overload]
    assert not Asset.objects.exists()
    assert not Collection.objects.exists()
    done = post()
    assert (done["versions"], done["skipped"]) == (2, [])
    asset = Asset.objects.get(key="desk/refund")
    assert asset.owner is not None
    assert (asset.owner.username, asset.collection.key) == ("maren", "desk")
    again = post()
    assert (again["made"], again["versions"]) == ([], 0)
    assert Version.objects.count() == 2


def test_one_file_is_imported(api: APIClient) -> None:
    given = {"file": sent("Refund.md", b"# Refund\n\nOpen the order.\n"), "format": "markdown", "collection": "desk"}
    answer = api.post(IMPORT, given, format="multipart")
    assert answer.json()["made"] == ["desk/refund"]


@pytest.mark.parametrize(
    ("name", "data", "collection", "said"),
    [
        ("a.md", b"# Refund\n\nOpen the order.\n", "", "which collection"),
        ("a.exe", b"MZ", "desk", "Send a .tgz"),
        ("a.zip", b"not a zip", "desk", "not a .tgz"),
        ("a.zip", packed(refund="# Refund\n\nOpen.\n"), "No Key", ""),
        ("a.zip", packed(), "desk", "Nothing could be imported"),
    ],
)
def test_what_cannot_be_imported_is_refused(api: APIClient, name: str, data: bytes, collection: str, said: str) -> None:
    given = {"file": sent(name, data), "format": "markdown", "collection": collection}
    answer = api.post(IMPORT, given, format="multipart")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert said in answer.json()["detail"]
    assert not Collection.objects.exists()


def test_an_import_is_for_who_works_in_every_collection() -> None:
    given = {"file": sent("a.zip", packed(a="# A\n\nB.\n")), "format": "markdown", "collection": "desk"}
    answer = client_of("author", "ines").post(IMPORT, given, format="multipart")
    assert answer.status_code == 403
    assert not Asset.objects.exists()
