"""The import command on a real database: what is made, what is left out and why, and that a second run does nothing."""

import gzip
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assets.actions.drafts import save_draft
from assets.actions.versions import save_version
from assets.exporters.folder import export_content
from assets.importers.run import import_content
from assets.models import Asset, AssetAlias, Check, Collection, Draft, Framework, Media, Outcome, Version
from people.models import AuditEntry
from tests.assets.importers.test_formats import FIXTURES
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def run(path: Path, form: str, *options: str) -> tuple[str, str]:
    """What the command writes to stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_content", str(path), "--format", form, *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def page(key: str, body: str = "Text.\n", more: str = "") -> str:
    return f"---\nkey: {key}\ntitle: Title of {key}\n{more}---\n{body}"


@pytest.mark.parametrize(
    ("form", "assets", "outcomes", "checks"),
    [("learningops", 2, 2, 1), ("workbench", 4, 3, 1), ("beginners", 5, 0, 2), ("markdown", 3, 0, 0)],
)
def test_every_format_comes_in_once(form: str, assets: int, outcomes: int, checks: int) -> None:
    out, _err = run(FIXTURES / form, form)
    assert f"{assets} made, 0 updated, 0 unchanged" in out
    assert Asset.objects.count() == Version.objects.count() == assets
    assert (Outcome.objects.count(), Check.objects.count()) == (outcomes, checks)
    entries = AuditEntry.objects.count()
    out, _err = run(FIXTURES / form, form)
    assert f"0 made, 0 updated, {assets} unchanged" in out
    assert Version.objects.count() == assets
    assert AuditEntry.objects.count() == entries


def test_our_own_format_keeps_bytes_collections_outcomes_and_links() -> None:
    run(FIXTURES / "learningops", "learningops")
    version = Version.objects.get(asset__key="refunds/partial")
    assert version.source == (FIXTURES / "learningops/refunds/partial.md").read_text()
    assert Collection.objects.get().name == "Support desk"
    assert Asset.objects.filter(collection__key="desk").count() == 2
    assert version.dependencies.get().target.key == "refunds/limits"
    assert version.outcome_links.get().outcome.parent == Outcome.objects.get(key="refunds", is_group=True)
    assert AssetAlias.objects.get().asset_id == version.asset_id


def test_a_translation_is_tied_to_what_it_translates() -> None:
    run(FIXTURES / "beginners", "beginners")
    french = Asset.objects.get(locale="fr")
    assert french.translation_of is not None
    assert french.translation_of.key == "beginners/1-basics/lessons/1-hello"


def test_bad_files_are_named_with_their_place_and_the_rest_comes_in(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(page("good"))
    (tmp_path / "broken.md").write_text("---\nkey: broken\ntitle: [open\n---\nText.\n")
    (tmp_path / "latin.md").write_bytes(page("latin", "Caf\xe9.\n").encode("latin-1"))
    unanswerable = "Hm.\n\n::: check single which\nWhich?\n- [ ] One\n- [ ] Two\n:::\n"
    (tmp_path / "unanswerable.md").write_text(page("unanswerable", unanswerable))
    twice = "::: check single a\nWhich?\n- [x] One\n- [ ] Two\n:::\n"
    (tmp_path / "check-twice.md").write_text(page("check-twice", twice + "\n" + twice))
    (tmp_path / "same-1.md").write_text(page("same"))
    (tmp_path / "same-2.md").write_text(page("same"))
    with (tmp_path / "big.md").open("wb") as file:
        file.truncate(50_000_000)
    (tmp_path / "large.md").write_text(page("large", "x" * 1_100_000))

    out, err = run(tmp_path, "learningops")
    assert "1 made" in out
    assert list(Asset.objects.values_list("key", flat=True)) == ["good"]
    assert Version.objects.count() == Draft.objects.count() == 1
    said = {line.removeprefix("skipped  ").partition(".md")[0]: line for line in err.splitlines()}
    assert "broken.md:3" in said["broken"] or "broken.md:4" in said["broken"]
    assert "latin.md:5: Byte" in said["latin"]
    assert "iconv -f ISO-8859-1" in said["latin"]
    assert "unanswerable.md:7" in said["unanswerable"]
    assert "on lines 5 and 11" in said["check-twice"]
    assert "same-1.md and same-2.md; none was imported" in said["same-2"]
    assert "50,000,000 bytes" in said["big"]
    assert "1,048,576 are the most" in said["large"]


def test_nothing_readable_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text("---\ntitle: [open\n---\n")
    with pytest.raises(CommandError, match="Nothing could be imported"):
        run(tmp_path, "learningops")
    with pytest.raises(CommandError, match="There is no file or folder"):
        run(tmp_path / "none", "markdown")
    with pytest.raises(CommandError, match="no person with the username nobody"):
        run(FIXTURES / "markdown", "markdown", "--owner", "nobody")
    with pytest.raises(CommandError, match="slug"):
        run(FIXTURES / "markdown", "markdown", "--collection", "not a key")


def test_a_dry_run_writes_nothing() -> None:
    out, _err = run(FIXTURES / "workbench", "workbench", "--dry-run")
    assert "4 assets, 0 earlier revisions, 3 outcomes, 1 checks; 0 skipped. Dry run: nothing was written." in out
    assert not Asset.objects.exists()
    assert not Collection.objects.exists()


def test_owner_and_collection_can_be_given() -> None:
    sara = PersonFactory(username="sara")
    run(FIXTURES / "markdown", "markdown", "--owner", "sara", "--collection", "handbook")
    assert set(Asset.objects.values_list("owner", "collection__key")) == {(sara.pk, "handbook")}
    assert Version.objects.filter(author=sara).count() == 3
    assert Asset.objects.filter(key__startswith="handbook/").count() == 3


def test_an_import_never_takes_back_what_was_edited_here(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(page("page", "One.\n"))
    run(tmp_path, "learningops")
    asset = Asset.objects.get()
    draft = Draft.objects.get()
    save_draft(actor=None, asset_id=asset.pk, source=page("page", "One, mended here.\n"), edit=draft.edit)
    save_version(actor=None, asset_id=asset.pk)
    out, _err = run(tmp_path, "learningops")
    assert "1 unchanged" in out
    assert asset.versions.count() == 2
    file.write_text(page("page", "Two.\n"))
    out, _err = run(tmp_path, "learningops")
    assert "1 updated" in out
    assert Version.objects.get(number=3).source.endswith("Two.\n")


def test_a_key_that_is_a_former_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(page("new", more="aliases: [old]\n"))
    run(tmp_path, "learningops")
    (tmp_path / "b.md").write_text(page("old"))
    _out, err = run(tmp_path, "learningops")
    assert "b.md:2: The key old is a former key of new." in err
    assert Asset.objects.count() == 1


def make_pages(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"p{number}.md").write_text(page(f"p{number}", f"See [next](p{(number + 1) % count}.md).\n"))
    return folder


def test_queries_do_not_grow_with_the_number_of_assets(tmp_path: Path, django_assert_num_queries: object) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for count in (3, 30):
        folder = make_pages(tmp_path / str(count), count)
        for path in folder.glob("*.md"):  # keys of their own
            path.write_text(path.read_text().replace("key: p", f"key: c{count}-p"))
        with CaptureQueriesContext(
            connection,
        ) as first:
            import_content(path=folder, form="learningops", collection="pages")
        with CaptureQueriesContext(connection) as second:
            import_content(path=folder, form="learningops", collection="pages")
        counts.append((len(first), len(second)))
    assert counts[1][0] <= counts[0][0]
    assert counts[0][1] == counts[1][1] <= 12


def history_file(folder: Path, rows: list[dict[str, object]]) -> None:
    with gzip.open(folder / "versions.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def revision(number: int, body: str, asset: str = "page.md") -> dict[str, object]:
    return {
        "asset": asset, "seq": number, "sha": "x", "date": f"2024-0{number}-01T10:00:00+02:00", "author": f"a-{number}",
        "subject": f"Change {number}", "path": "old.md", "body": body,
    }  # fmt: skip


def test_history_becomes_versions_with_dates_authors_and_messages(tmp_path: Path) -> None:
    texts = [page("page", f"Text {n}.\n") for n in range(4)]
    (tmp_path / "page.md").write_text(texts[3])
    rows = [revision(1, texts[0]), revision(2, texts[0]), revision(3, "---\ntitle: [\n---\n"), revision(4, texts[1])]
    history_file(tmp_path, rows)
    out, err = run(tmp_path, "learningops", "--history")
    assert "3 new versions" in out
    assert "The revision of 2024-03-01 cannot be converted" in err
    versions = list(Version.objects.order_by("number"))
    assert [(v.author_name, v.message, v.created_at.isoformat()) for v in versions[:2]] == [
        ("a-1", "Change 1", "2024-01-01T08:00:00+00:00"),
        ("a-4", "Change 4", "2024-04-01T08:00:00+00:00"),
    ]
    assert versions[2].source == texts[3]
    assert Draft.objects.get().based_on_id == versions[2].pk
    out, _err = run(tmp_path, "learningops", "--history")
    assert "1 unchanged" in out
    assert Version.objects.count() == 3


def git(folder: Path, *arguments: str, day: int = 1) -> None:
    environment = {
        "PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ada Writer", "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada Writer", "GIT_COMMITTER_EMAIL": "ada@example.org",
        "GIT_AUTHOR_DATE": f"2025-01-0{day}T12:00:00+0000", "GIT_COMMITTER_DATE": f"2025-01-0{day}T12:00:00+0000",
    }  # fmt: skip
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def test_history_from_a_git_checkout_follows_renames(tmp_path: Path) -> None:
    long = "A sentence that stays the same in every revision of this page.\n" * 5
    git(tmp_path, "init", "-q")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/old.md").write_text(f"# Title\n\nOne.\n{long}")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Begin", day=1)
    git(tmp_path, "mv", "docs/old.md", "docs/new name.md")
    (tmp_path / "docs/new name.md").write_text(f"# Title\n\nTwo.\n{long}")
    git(tmp_path, "commit", "-q", "-a", "-m", "Rename", day=2)
    (tmp_path / "docs/new name.md").write_text(f"# Title\n\nThree.\n{long}")
    run(tmp_path / "docs", "markdown", "--history")
    versions = list(Version.objects.order_by("number"))
    assert [(v.message, v.author_name, v.created_at.day) for v in versions[:2]] == [
        ("Begin", "Ada Writer", 1), ("Rename", "Ada Writer", 2),
    ]  # fmt: skip
    assert len(versions) == 3
    assert "Three." in versions[2].source
    assert Asset.objects.get().key == "docs/new-name"


def test_without_history_beside_it_that_is_said(tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "x"), "zip", FIXTURES / "markdown")
    out, _err = run(Path(archive), "markdown", "--history")
    assert "it is no Git checkout: no history" in out


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.usefixtures("media_folder")
def test_export_import_export_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    from django.db import transaction

    place = tmp_path / "in"
    shutil.copytree(FIXTURES / "learningops", place)
    (place / "refunds/windows.md").write_bytes(b"---\r\nkey: w\r\ntitle: W\r\n---\r\n![Panel](img/p.png)\r\n")
    (place / "refunds/img").mkdir()
    (place / "refunds/img/p.png").write_bytes(PNG)
    history_file(place, [revision(1, page("refunds/limits", "Early.\n"), "refunds/limits.md")])
    ada = PersonFactory(username="ada", first_name="Ada", last_name="Writer")
    with transaction.atomic():
        run(place, "learningops", "--history", "--owner", "ada")
        assert Media.objects.get().name == "img/p.png"
        report = export_content(target=tmp_path / "first", history=True)
        assert (report.assets, report.versions, report.media) == (3, 4, 1)
        transaction.set_rollback(True)
    first = files_of(tmp_path / "first")
    assert first["w.md"] == (place / "refunds/windows.md").read_bytes()
    assert not Asset.objects.exists()
    run(tmp_path / "first", "learningops", "--history")
    assert Version.objects.filter(author_name="Ada Writer").count() == 3
    assert ada.pk
    out = io.StringIO()
    call_command("export_content", str(tmp_path / "second"), "--history", stdout=out)
    assert out.getvalue() == "3 assets, 4 versions, 1 media files.\n"
    assert files_of(tmp_path / "second") == first
    assert Framework.objects.get().name == "Support"


def test_an_export_does_not_write_into_a_strange_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="is not empty"):
        call_command("export_content", str(tmp_path))
    with pytest.raises(CommandError, match="no collection with the key none"):
        call_command("export_content", str(tmp_path / "x"), "--collection", "none")
