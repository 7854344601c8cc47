"""Files of a colleague who works in another language open without a question: headers, choices, yes and no."""

from __future__ import annotations

from pathlib import Path

import pytest

from ochp_desktop import texts
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.spreadsheet.match import match_columns
from ochp_desktop.spreadsheet.matching import SURE
from ochp_desktop.spreadsheet.vocabulary import plain
from ochp_desktop.spreadsheet.write import EXCEL_CSV, write_csv, write_xlsx
from tests.spreadsheet.readhere import read_here

EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
EVERY_LANGUAGE = pytest.mark.parametrize("code", texts.LANGUAGES)


@EVERY_LANGUAGE
@EVERY_KIND
def test_no_two_fields_have_the_same_header(kind: RecordKind, code: str) -> None:
    texts.use_language(code)
    seen: dict[str, str] = {}
    for field in kind:
        assert seen.setdefault(plain(field.title()), field.name) == field.name, field.title()
    # Nor does a label say what is another field's name or synonym: the label would win, and old files go wrong.
    for field in kind:
        for word in (field.name, *field.synonyms):
            assert seen.get(plain(word), field.name) == field.name, word


@EVERY_LANGUAGE
@EVERY_KIND
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_an_export_opens_in_any_language_without_a_question(
    kind: RecordKind, code: str, suffix: str, tmp_path: Path
) -> None:
    texts.use_language(code)
    path = tmp_path / f"export{suffix}"
    rows = [[field.example for field in kind]]
    if suffix == ".xlsx":
        write_xlsx(path, kind, rows)
    else:
        write_csv(path, kind, rows, style=EXCEL_CSV)
    for reader in texts.LANGUAGES:
        texts.use_language(reader)
        table = read_here(path)
        found = match_columns(table.rows, kind)
        assert found.missing == []
        assert found.unmatched == []
        assert set(found.how.values()) <= SURE
        assert [list(cells) for _number, cells in found.records(table.rows)] == rows


@EVERY_LANGUAGE
@EVERY_KIND
def test_choices_as_shown_in_one_language_are_read_in_another(kind: RecordKind, code: str) -> None:
    for field in kind:
        texts.use_language(code)
        for value, shown in field.type.choices():
            name = shown.removeprefix(value).strip()
            texts.use_language("en")
            assert field.type.wire(shown) == value
            assert field.type.wire(name) == value
            texts.use_language(code)
