"""Refuses hostile zip archives by their directory, before anything in them is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ochp_desktop.errors import FileError
from ochp_desktop.spreadsheet.recognise import damaged
from ochp_desktop.texts import _

MAX_UNPACKED_BYTES = 1_500_000_000
MAX_RATIO = 100
# Small parts may be packed as tightly as they like: repeated empty cells are.
RATIO_MATTERS_ABOVE_BYTES = 20_000_000
MAX_PARTS = 10_000

# XML declares a document type, if at all, in its first lines.
_PROLOGUE_BYTES = 2048


def check_zip(path: Path) -> None:
    """Let a spreadsheet's zip archive pass, or refuse it.

    Refused are: more than 1.5 GB unpacked, a part above 20 MB packed more than 100 : 1, more than 10,000 parts, a
    document type declaration in an XML part (the way in of entity bombs), a directory that cannot be read.

    Raises:
        FileError: the archive is refused or broken.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(path, parts)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    with archive.open(part) as stream:
                        _check_prologue(path, stream.read(_PROLOGUE_BYTES))
    except FileError:
        raise
    # zipfile lets whatever its decoders meet in a broken archive escape, zlib.error among it.
    except Exception as failure:
        raise damaged(path, f"{type(failure).__name__}: {failure}") from failure


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    bomb = any(
        part.file_size > RATIO_MATTERS_ABOVE_BYTES and part.file_size > MAX_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if bomb or len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise FileError(
            _("The file is too large inside"),
            _(
                "{name} unpacks to far more than a table needs, so it is not opened. Delete the unused rows, columns "
                "and sheets in Excel and save it again, or save the sheet as .csv."
            ).format(name=path.name),
        )


def _check_prologue(path: Path, start: bytes) -> None:
    # Two-byte encodings put a NUL beside each of these letters.
    if b"<!DOCTYPE" in start.replace(b"\0", b""):
        raise FileError(
            _("The file is not safe to open"),
            _(
                "{name} has a document type declaration inside, which no spreadsheet program writes. "
                "Ask the sender for a new file."
            ).format(name=path.name),
        )
