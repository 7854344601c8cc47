"""What one column's filter lets through: chosen values, a text, empty or filled cells, given rows."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import Enum

from ochp_desktop.records.fields import Field
from ochp_desktop.records.values import ValueType
from ochp_desktop.sheet.haystack import holders
from ochp_desktop.sheet.variety import mostly_different


class TextTest(Enum):
    """How a cell's text is compared with the filter's."""

    HOLDS = "holds"
    LACKS = "lacks"
    BEGINS = "begins"
    ENDS = "ends"
    IS = "is"
    IS_NOT = "is not"


@dataclass(frozen=True, slots=True)
class ColumnFilter:
    """Every condition that is set must be met.

    Attributes:
        values: the texts that are let through; None for any.
        text: what the text is compared with, in any case, as stored or as shown; "" for nothing.
        test: how it is compared.
        empty: True for empty cells only, False for filled ones only, None for both.
        rows: ids of the rows that are let through, for example those with a problem in this column; None for any.
    """

    values: frozenset[str] | None = None
    text: str = ""
    test: TextTest = TextTest.HOLDS
    empty: bool | None = None
    rows: Container[int] | None = None

    def __bool__(self) -> bool:
        """Whether it may hide anything."""
        return self.values is not None or bool(self.text) or self.empty is not None or self.rows is not None

    def passing(self, rows: Sequence[int], texts: Sequence[str], field: Field) -> list[int]:
        """Those of the rows that it lets through, in their order.

        Args:
            rows: row ids.
            texts: the field's texts by row id.
            field: the field.
        """
        kept = list(rows)
        if self.rows is not None:
            those = self.rows
            kept = [row for row in kept if row in those]
        if self.empty is not None:
            kept = [row for row in kept if texts[row]] if not self.empty else [row for row in kept if not texts[row]]
        if self.values is not None:
            values = self.values
            kept = [row for row in kept if texts[row] in values]
        # Which rows stay would give a secret away.
        if self.text and not field.secret:
            kept = self._with_text(kept, texts, field)
        return kept

    def _with_text(self, rows: list[int], texts: Sequence[str], field: Field) -> list[int]:
        wanted = self.text.casefold()
        different = mostly_different(texts) and shows_as_stored(field)
        if different and self.test in {TextTest.HOLDS, TextTest.LACKS}:
            of_rows = [texts[row] for row in rows]
            hits = holders(of_rows, self.text)
            if self.test is TextTest.HOLDS:
                return [rows[at] for at in hits]
            gone = set(hits)
            return [row for at, row in enumerate(rows) if at not in gone]
        fitting = {text for text in {texts[row] for row in rows} if self._fits(text, wanted, field)}
        return [row for row in rows if texts[row] in fitting]

    def _fits(self, text: str, wanted: str, field: Field) -> bool:
        forms = {text.casefold(), field.shown(text).casefold()}
        if self.test is TextTest.LACKS:
            return not any(wanted in form for form in forms)
        if self.test is TextTest.IS_NOT:
            return wanted not in forms
        if self.test is TextTest.HOLDS:
            return any(wanted in form for form in forms)
        if self.test is TextTest.BEGINS:
            return any(form.startswith(wanted) for form in forms)
        if self.test is TextTest.ENDS:
            return any(form.endswith(wanted) for form in forms)
        return wanted in forms


def shows_as_stored(field: Field) -> bool:
    """Whether the table shows a field's texts as they are, so that only one form needs to be searched."""
    return not field.secret and type(field.type).display is ValueType.display
