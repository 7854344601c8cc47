"""What opening files yields, and what the rules may know here and now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ochp_desktop.jobs.import_file import Imported
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.rules import Facts
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _


@dataclass(frozen=True)
class Opening:
    """Files that were opened.

    Attributes:
        files: each as it was read.
        sheet: their rows; with one file it knows its cells' places there.
        checker: follows the sheet; None when the files hold another kind of record than was wanted.
    """

    files: Sequence[Imported]
    sheet: Sheet
    checker: Checker | None

    @property
    def title(self) -> str:
        """The files' names."""
        return ", ".join(imported.path.name for imported in self.files)

    def noticed(self) -> list[str]:
        """Sentences about what was noticed while reading: oddities, columns left out, columns missing."""
        texts: list[str] = []
        for imported in self.files:
            texts += imported.notices
            if imported.unmatched:
                names = ", ".join(f"{header} ({letter})" for letter, header in imported.unmatched)
                texts.append(_("Columns that were left out: {names}.").format(names=names))
            if imported.missing:
                names = ", ".join(self.sheet.kind.field(name).title() for name in imported.missing)
                texts.append(_("Columns that the file does not have: {names}.").format(names=names))
        return texts


def facts(workplace: Workplace | None) -> Facts:
    """What the rules may know here and now; touches the disk, so call it from a worker."""
    if workplace is None:
        return Facts()
    return workplace.facts(timezone=workplace.timezone)
