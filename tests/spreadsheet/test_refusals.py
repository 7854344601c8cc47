"""Files that are no table, or hostile: each ends in one clear error, never in a crash or a wait."""

from __future__ import annotations

import contextlib
import os
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ochp_desktop.errors import Cancelled, FileError
from ochp_desktop.spreadsheet import read, zipguard
from ochp_desktop.spreadsheet.child import CHILD_FLAG
from ochp_desktop.spreadsheet.read import Limits, read_table

from .conftest import SHEET_HEAD, MakeXlsx

MakeFile = Callable[[str, bytes | str], Path]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.xlsx", b"", "is empty"),
        ("paper.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF"),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(50), "is a picture"),
        ("page.xls", "<html><body><p>Sign in first</p></body></html>", "web page without a table"),
        ("bare.xls", "<html><body><table><tr><td></td></tr></table></body></html>", "no filled cell"),
        (
            "old.xls",
            '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "no filled cell",
        ),
        ("data.xml", '<?xml version="1.0"?><a/>', "is an XML file"),
        ("letter.rtf", r"{\rtf1 hello}", "is a text document"),
        ("noise.csv", bytes(range(256)) * 20, "no spreadsheet that this program knows"),
        ("pack.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), "is a packed archive"),
        ("secret.xlsx", OLE + "EncryptedPackage".encode("utf-16-le") + bytes(200), "protected with a password"),
        ("letter.doc", OLE + "WordDocument".encode("utf-16-le") + bytes(200), "no Excel workbook"),
        ("broken.xls", OLE + "Workbook".encode("utf-16-le") + bytes(2000), "damaged"),
        ("half.xlsx", b"PK\x03\x04" + bytes(100), "damaged"),
        ("blank.csv", "\n \n;;;\n".replace(" ", ""), "no filled cell"),
    ],
)
def test_wrong_files_are_named_for_what_they_are(
    make_file: MakeFile, name: str, content: bytes | str, says: str
) -> None:
    with pytest.raises(FileError, match=says) as caught:
        read_table(make_file(name, content))
    assert caught.value.title
    assert "Traceback" not in caught.value.text


def test_no_such_file_and_folders(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="File not found"):
        read_table(tmp_path / "nothing.xlsx")
    with pytest.raises(FileError, match="is a folder"):
        read_table(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    with pytest.raises(FileError, match="no ordinary file"):
        read_table(tmp_path / "pipe.xlsx")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(make_file: MakeFile) -> None:
    path = make_file("mine.csv", "a;b\n")
    path.chmod(0)
    with pytest.raises(FileError, match="no permission"):
        read_table(path)


def zipped(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return path


def test_archives_that_are_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="Unpack it"):
        read_table(zipped(tmp_path / "some.zip", readme=b"x"))
    with pytest.raises(FileError, match="text document"):
        read_table(zipped(tmp_path / "letter.docx", word__document_xml=b"<x/>"))
    with pytest.raises(FileError, match="Apple Numbers"):
        read_table(zipped(tmp_path / "a.numbers", **{"Index/Document.iwa": b"x"}))


def test_a_part_packed_too_tightly_is_refused_before_it_is_unpacked(tmp_path: Path, make_xlsx: MakeXlsx) -> None:
    path = make_xlsx()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(25):
            part.write(b" " * 1_000_000)
    with pytest.raises(FileError, match="unpacks to far more"):
        zipguard.check_zip(path)
    with pytest.raises(FileError, match="unpacks to far more"):
        read_table(path)


def test_an_archive_that_claims_gigabytes_is_refused(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx("<sheetData/>")
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 4_000_000_000)
    path.write_bytes(content)
    with pytest.raises(FileError, match="unpacks to far more"):
        read_table(path)


def test_an_archive_that_lies_about_its_sizes_ends_in_an_error(make_xlsx: MakeXlsx) -> None:
    """The directory says a few bytes, the part unpacks to many."""
    path = make_xlsx(f"<sheetData><row><c><v>1</v></c></row></sheetData><!--{' ' * 3_000_000}-->")
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    path.write_bytes(content)
    with pytest.raises(FileError):
        read_table(path)


def test_cut_off_archives(tmp_path: Path, make_xlsx: MakeXlsx) -> None:
    whole = make_xlsx("<sheetData><row><c><v>1</v></c></row></sheetData>").read_bytes()
    for length in (30, 100, len(whole) // 2, len(whole) - 10):
        cut = tmp_path / f"cut{length}.xlsx"
        cut.write_bytes(whole[:length])
        with pytest.raises(FileError, match="damaged"):
            read_table(cut)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_declaration_is_refused(make_xlsx: MakeXlsx, encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    sheet = SHEET_HEAD.replace("?><", f"?>{bomb}<") + "<sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>"
    path = make_xlsx(sheet="x")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet.encode(encoding))
    with pytest.raises(FileError, match="document type declaration"):
        read_table(path)


def test_broken_xml_inside_a_whole_archive(make_xlsx: MakeXlsx) -> None:
    with pytest.raises(FileError, match="damaged"):
        read_table(make_xlsx(sheet=SHEET_HEAD + "<sheetData><row><c t='e'><v>#N/A</row>"))


def test_an_encrypted_archive_says_it_has_a_password(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx()
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(FileError, match="password"):
        read_table(path)


def big_csv(path: Path, rows: int = 300_000) -> Path:
    path.write_text("a;b;c\n" + "1;2;3\n" * rows)
    return path


def test_stopping_in_the_middle_ends_at_once_and_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = []
    start = read.subprocess.Popen

    def noting(*arguments: object, **options: object) -> object:
        children.append(start(*arguments, **options))  # type: ignore[call-overload] # handed through
        return children[-1]

    monkeypatch.setattr(read.subprocess, "Popen", noting)
    seen: list[int] = []
    with pytest.raises(Cancelled, match="was not opened"):
        read_table(big_csv(tmp_path / "big.csv"), cancel=lambda: bool(seen), progress=seen.append)
    assert seen[0] < 300_000
    assert [child.returncode is not None for child in children] == [True]


def test_a_child_that_is_killed_is_an_error_not_a_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children = []
    start = read.subprocess.Popen

    def noting(*arguments: object, **options: object) -> object:
        children.append(start(*arguments, **options))  # type: ignore[call-overload] # handed through
        return children[-1]

    monkeypatch.setattr(read.subprocess, "Popen", noting)
    with pytest.raises(FileError):
        read_table(big_csv(tmp_path / "big.csv", 3_000_000), progress=lambda _rows: children[0].kill())


def test_a_deadline_ends_the_reading(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="takes so long"):
        read_table(big_csv(tmp_path / "big.csv"), limits=Limits(deadline=0.0))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_too_little_processor_time(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="takes so long"):
        read_table(big_csv(tmp_path / "big.csv", 6_000_000), limits=Limits(cpu=1))


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="memory limits hold on Linux")
def test_too_little_memory_is_said_plainly(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "x"
    book.active["CZ300000"] = "y"
    book.save(tmp_path / "wide.xlsx")
    with pytest.raises(FileError, match="too much memory"):
        read_table(tmp_path / "wide.xlsx", limits=Limits(memory=400_000_000))


def test_a_folder_with_a_json_module_does_not_fool_the_child(
    make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People open files from download folders, where anything may lie."""
    path = make_file("a.csv", "x;y\n1;2\n")
    make_file("json.py", "raise SystemExit(7)")
    monkeypatch.chdir(path.parent)
    assert read_table("a.csv").rows == [["x", "y"], ["1", "2"]]


def test_a_child_that_talks_nonsense_and_goes_on_is_ended(make_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """A taken-over child may send anything; the parent takes texts in frames or nothing."""
    nonsense = (
        "import sys, threading; sys.stdout.buffer.write(b'R\\0\\0\\0\\5[[1]]' + b'x' * 9); "
        "sys.stdout.flush(); threading.Event().wait()"
    )
    monkeypatch.setattr(read, "child_command", lambda: [sys.executable, "-c", nonsense])
    monkeypatch.setattr(read, "_FAREWELL_SECONDS", 0.1)
    with pytest.raises(FileError, match=r"damaged|memory"):
        read_table(make_file("a.csv", "a;b\n"))


def test_a_packaged_program_starts_itself_as_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert read.child_command() == [sys.executable, CHILD_FLAG]


def test_mutated_workbooks_are_read_or_refused(tmp_path: Path, make_xlsx: MakeXlsx) -> None:
    """Bytes flipped inside the XML, the archive intact: each ends in a table or in one of our errors."""
    import random

    source = make_xlsx(
        "<sheetData><row r='1' spans='1:2'><c r='A1' t='inlineStr'><is><t>abc</t></is></c><c r='B1' s='1'><f>A1</f>"
        "<v>12</v></c></row><row r='2'><c r='A2' t='e'><v>#N/A</v></c></row></sheetData>"
    )
    random.seed(20120329)
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    ends = 0
    for round_ in range(25):
        target = tmp_path / f"m{round_}.xlsx"
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in parts.items():
                damaged = bytearray(content)
                if name.startswith("xl/work"):
                    for _ in range(3):
                        damaged[random.randrange(len(damaged))] = random.randrange(256)
                archive.writestr(name, bytes(damaged))
        with contextlib.suppress(FileError):
            assert read_table(target).rows
        ends += 1
    assert ends == 25
