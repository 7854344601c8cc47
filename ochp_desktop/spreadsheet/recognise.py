"""What a file really is, told by its content and never by its name."""

from __future__ import annotations

import codecs
import mmap
import stat
import zipfile
from enum import Enum
from pathlib import Path

from ochp_desktop.errors import FileError
from ochp_desktop.texts import _

# Larger files than this hold no table that the rest of the program could handle.
MAX_FILE_BYTES = 1_000_000_000

_HEAD_BYTES = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*")
_WEB_PAGES = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<body", b"<style", b"<div", b"<!--")
_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_UTF_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Control characters that ordinary text files do not hold.
_BINARY_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1a")
# More control characters than this share of the first bytes is no text.
_MAX_CONTROL_SHARE = 0.02


class FileKind(Enum):
    """The kinds of file that tables are read from; .xlsm is XLSX, .tsv and .txt are CSV, OLD_XML is Excel's of 2003."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    HTML = "html"
    OLD_XML = "xml"

    @property
    def zipped(self) -> bool:
        """Whether a file of this kind is a zip archive inside."""
        return self in {FileKind.XLSX, FileKind.XLSB, FileKind.ODS}


def recognise(path: Path) -> FileKind:
    """What kind of table the file holds, by its first bytes and, for archives, its parts.

    Raises:
        FileError: there is no such file, it may not be read, or it holds no table; the text says what it is instead.
    """
    try:
        _refuse_no_file(path)
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
            return _zip_kind(path)
        if head.startswith(_OLE):
            return _ole_kind(path)
    except OSError as failure:
        raise unreadable(path, failure) from failure
    marked = _marked_up_kind(head)
    if marked is not None:
        return marked
    _refuse_other_formats(path, head)
    if not looks_like_text(head):
        raise FileError(
            _("Not a spreadsheet"),
            _("{name} is no spreadsheet that this program knows. Save it as .xlsx or .csv and open that.").format(
                name=path.name
            ),
        )
    return FileKind.CSV


def unreadable(path: Path, failure: OSError) -> FileError:
    """The error for a file that the operating system does not hand out."""
    if isinstance(failure, FileNotFoundError):
        title, text = _("File not found"), _("There is no file {name} any more. Choose another one.")
    elif isinstance(failure, PermissionError):
        title = _("The file may not be read")
        text = _(
            "You have no permission to read {name}, or another program keeps it locked. Close it there, or copy it."
        )
    else:
        title = _("The file cannot be read")
        text = _("{name} cannot be read from its disk. Copy it to this computer and try again.")
    return FileError(title, text.format(name=path.name), detail=str(failure))


def looks_like_text(head: bytes) -> bool:
    """Whether the first bytes of a file are text.

    That is two-byte Unicode, or hardly any control characters, or UTF-8 whose first line has none: then there is a
    header, and what stands below it is to be shown and judged, not refused.
    """
    if head.startswith(_UTF_MARKS) or looks_like_utf16(head):
        return True
    first_line = head.splitlines()[0] if head else b""
    if not any(byte in _BINARY_CONTROLS for byte in first_line) and _is_utf8(head):
        return True
    controls = sum(byte in _BINARY_CONTROLS for byte in head)
    return controls <= len(head) * _MAX_CONTROL_SHARE + 1


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return True


def looks_like_utf16(head: bytes) -> str:
    """The name of the two-byte encoding if every other byte is NUL, as in Excel's "Unicode text", else ""."""
    sample = head[: len(head) // 2 * 2][:2000]
    if len(sample) < 4:  # noqa: PLR2004 - two characters at least
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) * 0.4 and even < len(sample) * 0.02:
        return "utf-16-le"
    if even > len(sample) * 0.4 and odd < len(sample) * 0.02:
        return "utf-16-be"
    return ""


def password_protected(path: Path) -> FileError:
    """The error for a file that only its password opens."""
    return FileError(
        _("The file has a password"),
        _(
            "{name} is protected with a password. Open it in Excel or LibreOffice, save a copy without a password, "
            "and open that."
        ).format(name=path.name),
    )


def damaged(path: Path, detail: str = "") -> FileError:
    """The error for a file that is cut off or broken inside."""
    return FileError(
        _("The file is damaged"),
        _(
            "{name} is damaged or incomplete. Fetch it again; if Excel or LibreOffice can still open it, save it there "
            "as a new .xlsx."
        ).format(name=path.name),
        detail=detail,
    )


def _refuse_no_file(path: Path) -> None:
    """Folders, devices, and files with nothing or far too much in them."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        title, text = _("This is a folder"), _("{name} is a folder. Choose a file in it.")
    elif not stat.S_ISREG(status.st_mode):
        title, text = _("Not a file"), _("{name} is no ordinary file. Choose a spreadsheet.")
    elif status.st_size == 0:
        title = _("The file is empty")
        text = _("{name} is empty: it has no content at all. Save or export it again.")
    elif status.st_size > MAX_FILE_BYTES:
        title, text = _("The file is too large"), _("{name} is larger than 1 GB. Split it into smaller files.")
    else:
        return
    raise FileError(title, text.format(name=path.name))


def _zip_kind(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = {info.filename.replace("\\", "/").lower(): info for info in archive.infolist()}
            if any(info.flag_bits & 1 for info in infos.values()):
                raise password_protected(path)
            if "xl/workbook.bin" in infos:
                return FileKind.XLSB
            if "content.xml" in infos and "mimetype" in infos:
                return _open_document_kind(path, archive, infos)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as failure:
        raise damaged(path, str(failure)) from failure
    if "xl/workbook.xml" in infos or any(name.startswith("xl/worksheets/") for name in infos):
        return FileKind.XLSX
    if any(name.startswith(("word/", "ppt/")) for name in infos):
        what = _("{name} is a text document or presentation. Copy its table into a spreadsheet and save it as .xlsx.")
    elif any(name.endswith(".iwa") or name == "index.zip" for name in infos):
        what = _("{name} was made by Apple Numbers. Export it there as an Excel file (.xlsx) and open that.")
    else:
        what = _("{name} is a zip archive. Unpack it and open the spreadsheet inside.")
    raise FileError(_("Not a spreadsheet"), what.format(name=path.name))


def _open_document_kind(path: Path, archive: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]) -> FileKind:
    with archive.open(infos["mimetype"]) as part:
        kind = part.read(200)
    manifest = infos.get("meta-inf/manifest.xml")
    if manifest is not None:
        with archive.open(manifest) as part:
            if b"encryption-data" in part.read(_HEAD_BYTES):
                raise password_protected(path)
    if b"opendocument.spreadsheet" in kind:
        return FileKind.ODS
    raise FileError(
        _("Not a spreadsheet"),
        _("{name} is a text document or presentation. Copy its table into a spreadsheet and save it as .xlsx.").format(
            name=path.name
        ),
    )


def _ole_kind(path: Path) -> FileKind:
    """Excel 97 files, Word 97 files and password-protected new files share one container; its stream names tell."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise password_protected(path)
        if any(content.find(name.encode("utf-16-le")) >= 0 for name in ("Workbook", "Book")):
            return FileKind.XLS
    raise FileError(
        _("Not a spreadsheet"),
        _("{name} is an old Office file, but no Excel workbook. Save its table as .xlsx and open that.").format(
            name=path.name
        ),
    )


def _marked_up_kind(head: bytes) -> FileKind | None:
    """Tables that programs write as web pages or as Excel's old XML, mostly under the name .xls."""
    narrow = head.replace(b"\0", b"") if looks_like_utf16(head) or head.startswith(_UTF_MARKS[1:]) else head
    start = narrow.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:4096].lower()
    if start.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        # Excel's own web pages name this namespace as well.
        return FileKind.HTML if b"<html" in start else FileKind.OLD_XML
    if b"<table" in narrow.lower() and (start.startswith(_WEB_PAGES) or b"<html" in start):
        return FileKind.HTML
    return FileKind.HTML if start.startswith(_WEB_PAGES) and len(head) == _HEAD_BYTES else None


def _refuse_other_formats(path: Path, head: bytes) -> None:
    """Name the usual wrong choices, so that people know what they picked."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096].lower()
    what = ""
    if head.startswith(b"%PDF"):
        what = _("{name} is a PDF. Ask the sender for the spreadsheet it was made from.")
    elif (head.startswith(_IMAGES) and not looks_like_text(head)) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        what = _("{name} is a picture. Ask the sender for the spreadsheet it shows.")
    elif head.startswith(_ARCHIVES):
        what = _("{name} is a packed archive. Unpack it and open the spreadsheet inside.")
    elif start.startswith(_WEB_PAGES):
        what = _("{name} is a web page without a table. Open the page it came from and download the table from there.")
    elif start.startswith((b"<?xml", b"<!doctype")):
        what = _("{name} is an XML file, not a spreadsheet. Export the data as .xlsx or .csv and open that.")
    elif start.startswith(b"{\\rtf"):
        what = _("{name} is a text document. Copy its table into a spreadsheet and save it as .xlsx.")
    if what:
        raise FileError(_("Not a spreadsheet"), what.format(name=path.name))
