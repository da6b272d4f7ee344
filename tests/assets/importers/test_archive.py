"""Archives are read without trust: nothing leaves them, nothing fills the disk, and the rest goes on."""

import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from assets.importers import archive
from assets.importers.archive import UnreadableError, open_folder

PAGE = b"# Page\n"


def zip_of(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


def tar_of(path: Path, members: list[tarfile.TarInfo]) -> Path:
    with tarfile.open(path, "w:gz") as made:
        for member in members:
            made.addfile(member, io.BytesIO(b"x" * member.size) if member.isreg() else None)
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, *, size: int = 0, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.size, made.linkname = kind, size, link
    return made


def test_a_name_that_climbs_out_of_a_zip_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    names = ["../evil.md", "a/../../evil.md", "/etc/evil.md", "C:/evil.md", "a\\..\\evil.md", "good/page.md"]
    folder = open_folder(zip_of(tmp_path / "x.zip", dict.fromkeys(names, PAGE)))
    assert folder.paths == ("good/page.md",)
    assert folder.read("good/page.md") == PAGE
    assert len(folder.notes) == 5
    assert all(note.skipped and "leads out of the archive" in note.message for note in folder.notes)
    assert [p.name for p in tmp_path.iterdir()] == ["x.zip"]


def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path) -> None:
    members = [
        member("link.md", tarfile.SYMTYPE, link="/etc/passwd"),
        member("hard.md", tarfile.LNKTYPE, link="link.md"),
        member("null", tarfile.CHRTYPE),
        member("../up.md", size=3),
        member("./fine.md", size=3),
    ]
    folder = open_folder(tar_of(tmp_path / "x.tgz", members))
    assert folder.paths == ("fine.md",)
    assert [note.path for note in folder.notes] == ["link.md", "hard.md", "null", "../up.md"]


def test_a_link_in_a_zip_or_a_folder_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("link.md")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made:
        made.writestr(info, "/etc/passwd")
    assert not open_folder(tmp_path / "x.zip").paths
    place = tmp_path / "folder"
    place.mkdir()
    (place / "link.md").symlink_to("/etc/passwd")
    (place / "up").symlink_to(tmp_path)
    (place / "page.md").write_bytes(PAGE)
    folder = open_folder(place)
    assert folder.paths == ("page.md",)
    assert {note.path for note in folder.notes} == {"link.md", "up"}


@pytest.mark.parametrize("kind", ["folder", "zip", "tgz"])
def test_a_file_of_50_mb_is_refused_with_a_sentence(kind: str, tmp_path: Path) -> None:
    size = 50_000_000
    place = tmp_path / f"x.{kind}"
    if kind == "folder":
        place.mkdir()
        (place / "page.md").write_bytes(PAGE)
        with (place / "big.md").open("wb") as file:
            file.truncate(size)
    elif kind == "zip":
        zip_of(place, {"big.md": bytes(size), "page.md": PAGE})
    else:
        tar_of(place, [member("big.md", size=size), member("page.md", size=3)])
    folder = open_folder(place)
    assert folder.paths == ("page.md",)
    (note,) = folder.notes
    assert str(note).startswith("big.md: The file has 50,000,000 bytes; 26,214,400 are the most. Make it smaller")


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = open_folder(zip_of(tmp_path / "ratio.zip", {"a.md": bytes(10_000_000), "b.md": PAGE}))
    assert folder.paths == ("b.md",)
    monkeypatch.setattr(archive, "MAX_TOTAL", 100_000)
    with pytest.raises(UnreadableError, match="unpacks to more than 100,000 bytes"):
        open_folder(tar_of(tmp_path / "total.tgz", [member(f"{n}.md", size=30_000) for n in range(5)]))
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    with pytest.raises(UnreadableError, match="more than 3 files"):
        open_folder(zip_of(tmp_path / "many.zip", {f"{n}.md": PAGE for n in range(5)}))


def test_what_is_no_archive_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.tgz").write_bytes(b"\x1f\x8bnot really")
    with pytest.raises(UnreadableError, match=r"x\.tgz is not a \.tgz, \.tar or \.zip that can be read"):
        open_folder(tmp_path / "x.tgz")
    with pytest.raises(UnreadableError, match="There is no file or folder"):
        open_folder(tmp_path / "none")
