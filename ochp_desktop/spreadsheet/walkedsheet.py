"""A sheet of a binary workbook: walked once, for the quick look and the close look alike."""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from pathlib import Path
from xml.parsers import expat

from ochp_desktop.spreadsheet.looks import Finding, Glance


class Walk:
    """What one pass over the sheet's records has found."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.hidden_rows = self.hidden_columns = False

    def glance(self) -> Glance:
        """The same, as the quick look says it."""
        kinds = {finding.kind for finding in self.found}
        glance = Glance()
        glance.errors = "error" in kinds
        glance.formulas = not kinds.isdisjoint({"formula", "formula-without-value"})
        glance.id_formats = "number-format" in kinds
        glance.hidden_rows, glance.hidden_columns = self.hidden_rows, self.hidden_columns
        return glance


class WalkedSheet(ABC):
    """One sheet of a binary workbook, as a `SecondLook`."""

    def __init__(self, path: Path, sheet: str) -> None:
        self.path = path
        self.sheet = sheet
        self._walk: Walk | None = None

    @abstractmethod
    def walk(self) -> Walk:
        """Go through the sheet's records.

        Raises:
            ValueError, KeyError, IndexError, struct.error, expat.ExpatError: they are not as they should be.
        """

    def glance(self) -> Glance:
        """Walk the sheet; its findings are kept for `look`."""
        return self._walked().glance()

    def look(self, large: Collection[tuple[int, int]] = ()) -> Iterator[Finding]:
        """The cells whose value alone misleads; `large` are those with numbers beyond 15 digits."""
        yield from self._walked().found
        yield from (Finding(row, column, "rounded", "") for row, column in sorted(large))

    def _walked(self) -> Walk:
        if self._walk is None:
            try:
                self._walk = self.walk()
            except (ValueError, KeyError, IndexError, struct.error, expat.ExpatError):
                # The values' reader has judged the file already; what it took needs no second verdict.
                self._walk = Walk()
        return self._walk
