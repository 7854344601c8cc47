"""Writing fails in the many ways that disks know: the message says what to do, the old file is whole."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ochp_desktop.errors import FileError
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.spreadsheet import output
from ochp_desktop.spreadsheet.output import replacing, write_error
from ochp_desktop.spreadsheet.write import write_xlsx

ROW = ["x"] * len(TOKENS)


def write(path: Path) -> None:
    with replacing(path) as beside:
        beside.write_bytes(b"the new one")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.ENOSPC, "There is no room to write out.csv"),
        (errno.EFBIG, "There is no room to write out.csv"),
        (errno.EROFS, "out.csv lies where nothing can be written"),
        (errno.ENAMETOOLONG, "shorter name"),
        (errno.EIO, "out.csv could not be written"),
    ],
)
def test_each_cause_has_its_sentence(code: int, says: str) -> None:
    assert says in write_error(Path("out.csv"), OSError(code, os.strerror(code))).text


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY])
def test_a_file_that_is_open_in_excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"the old one")

    def locked(_self: Path, _target: Path) -> Path:
        raise OSError(code, "The process cannot access the file because it is being used by another process")

    monkeypatch.setattr(output.Path, "replace", locked)
    with pytest.raises(FileError, match=r"out\.csv is open in another program, such as Excel\. Close it there"):
        write(path)
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_locked_file_is_noticed_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"the old one")
    real = Path.open

    def refuse(self: Path, mode: str = "r", *rest: object, **more: object) -> object:
        if self == path and "+" in mode:
            raise PermissionError(errno.EACCES, "sharing violation")
        return real(self, mode, *rest, **more)  # type: ignore[call-overload] # passed on as it came

    def rows() -> object:
        pytest.fail("the rows were asked for")

    monkeypatch.setattr(output.Path, "open", refuse)
    with pytest.raises(FileError, match="open in another program"), replacing(path):
        rows()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_in_which_nobody_may_write(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    with pytest.raises(FileError, match="You may not write in the folder closed"):
        write(folder / "out.csv")


def test_a_folder_that_is_gone_or_was_never_one(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"The folder for out\.csv does not exist"):
        write(tmp_path / "gone" / "out.csv")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileError, match=r"The folder for out\.csv does not exist"):
        write(tmp_path / "file" / "out.csv")
    with pytest.raises(FileError, match="is a folder"):
        write(tmp_path)


def test_a_folder_that_vanishes_while_we_write(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()

    def write_and_lose() -> None:
        with replacing(folder / "out.csv") as beside:
            beside.unlink()
            folder.rmdir()

    with pytest.raises(FileError, match="does not exist any more"):
        write_and_lose()
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="shorter name"):
        write(tmp_path / f"{'x' * 300}.csv")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_keep_pointing(tmp_path: Path) -> None:
    target, link, lost = tmp_path / "real.csv", tmp_path / "link.csv", tmp_path / "lost.csv"
    target.write_bytes(b"the old one")
    link.symlink_to(target)
    lost.symlink_to(tmp_path / "gone" / "away.csv")
    write(link)
    assert link.is_symlink()
    assert target.read_bytes() == b"the new one"
    with pytest.raises(FileError, match="does not exist any more"):
        write(lost)


FULL = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {top!r})
from ochp_desktop.errors import FileError
from ochp_desktop.records.problems import Level
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.spreadsheet.annotate import annotate_copy
from ochp_desktop.spreadsheet.write import write_table
import random
chance = random.Random(1)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
path, source = Path(sys.argv[1]), sys.argv[2]
try:
    if source:
        annotate_copy(Path(source), path, "Roaming tokens", {{"A2": (Level.ERROR, ["bad"])}})
    else:
        write_table(path, TOKENS, ([f"{{chance.getrandbits(60):X}}"] * len(TOKENS) for _ in range(20_000)))
except FileError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file sizes there")
@pytest.mark.parametrize("kind", ["xlsx", "csv", "marked.xlsx"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, kind: str) -> None:
    """A limit on the size of files fails a write in the middle, as a full disk does."""
    folder = tmp_path / "out"
    folder.mkdir()
    path, source = folder / f"out.{kind}", tmp_path / "source.xlsx"
    path.write_bytes(b"the old one")
    write_xlsx(source, TOKENS, ([os.urandom(8).hex()] * len(TOKENS) for _row in range(2000)))
    top = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", FULL.format(top=str(top)), str(path), str(source) if kind.startswith("marked") else ""],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert done.stdout.startswith("The disk is full: There is no room"), done.stdout + done.stderr
    assert done.stderr == ""
    assert path.read_bytes() == b"the old one"
    assert list(folder.iterdir()) == [path]
    assert {one.name for one in tmp_path.iterdir()} == {"out", "source.xlsx"}


@pytest.mark.skipif(sys.platform == "win32", reason="counts characters, not bytes")
def test_the_longest_name_that_a_disk_takes(tmp_path: Path) -> None:
    path = tmp_path / ("漢" * 83 + ".csv")
    assert len(path.name.encode()) == 253
    write(path)
    assert path.read_bytes() == b"the new one"
    assert list(tmp_path.iterdir()) == [path]


def test_the_new_file_is_on_the_disk_before_it_takes_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut leaves an empty file where the old one was."""
    path = tmp_path / "out.csv"
    path.write_bytes(b"the old one")
    flushed: list[bytes] = []
    fsync = os.fsync

    def noting(number: int) -> None:
        fsync(number)
        flushed.append(path.read_bytes())

    monkeypatch.setattr(os, "fsync", noting)
    write(path)
    assert flushed == [b"the old one"]
    assert path.read_bytes() == b"the new one"
