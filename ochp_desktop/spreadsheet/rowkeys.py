"""The hidden key by which rows that were exported to be mended find their way back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from ochp_desktop.spreadsheet.matching import ROW_KEY_HEADER, Matching
from ochp_desktop.spreadsheet.rawtable import RawTable
from ochp_desktop.spreadsheet.vocabulary import plain

_KEY = re.compile(r"(\d{1,10})-([0-9a-f]{16})")


def row_key(row: int, texts: Sequence[str]) -> str:
    """The key of a row: its id in the sheet, and a fingerprint of what stood in it."""
    return f"{row}-{fingerprint(texts)}"


def fingerprint(texts: Sequence[str]) -> str:
    """Sixteen digits that another row will not have."""
    return hashlib.blake2b("\x1f".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def parse_key(key: str) -> tuple[int, str] | None:
    """(row id, fingerprint), or None for a text that is no key."""
    found = _KEY.fullmatch(key.strip())
    return (int(found[1]), found[2]) if found else None


def keys_of(table: RawTable, matching: Matching) -> dict[int, str]:
    """Row number in the file -> hidden key, for a file that was exported to be mended; else nothing."""
    if not 0 <= matching.header_row < len(table.rows):
        return {}
    wanted = plain(ROW_KEY_HEADER)
    header = table.rows[matching.header_row]
    column = next((at for at, text in enumerate(header) if text and plain(text) == wanted), None)
    if column is None:
        return {}
    below = matching.header_row + 1
    return {
        table.first_row + row: key
        for row, key in enumerate(table.rows.columns[column][below:], below)
        if parse_key(key) is not None
    }
