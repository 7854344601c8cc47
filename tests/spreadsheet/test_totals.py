"""Totals below and between the rows of a list are told and left out; records never are."""

from __future__ import annotations

from pathlib import Path

import pytest

from ochp_desktop.jobs.import_file import Imported, import_file
from ochp_desktop.jobs.job import Cancel, run


def opened(path: Path, *lines: str) -> Imported:
    file = path / "list.csv"
    file.write_text("\n".join(lines), "utf-8")
    return run(import_file(file, None, Cancel()))


def rows(count: int, first: int = 0) -> list[str]:
    return [f"{at};{0x1A2B3C00 + at:08X};NL-TNM-C{at:08}-X;31/12/2030" for at in range(first, first + count)]


@pytest.mark.parametrize(
    "total",
    ["Totaal;30", ";Summe: 30", ";Total général;;", "Sous-total;3", "Grand total;30;;"],
)
def test_a_total_below_the_rows(tmp_path: Path, total: str) -> None:
    imported = opened(tmp_path, "Nr.;UID;Vertragsnummer;Gültig bis", *rows(12), total)
    assert len(imported.sheet) == 12
    assert "Row 14 was left out: it holds totals." in imported.notices


def test_totals_between_groups(tmp_path: Path) -> None:
    lines = ["Gruppe 1", *rows(8), "Zwischensumme;8", "", "Gruppe 2", *rows(8, 8), "Zwischensumme;8", "", "Summe;16"]
    imported = opened(tmp_path, "Nr.;UID;Vertragsnummer;Gültig bis", *lines)
    assert len(imported.sheet) == 16
    assert "Rows 11, 22, 24 were left out: they hold totals." in imported.notices
    assert imported.sheet.sources[8] == 14


def test_totals_between_small_groups(tmp_path: Path) -> None:
    lines = [line for group in range(3) for line in (*rows(3, 3 * group), "Zwischensumme;3", "")]
    imported = opened(tmp_path, "Nr.;UID;Vertragsnummer;Gültig bis", *lines)
    assert len(imported.sheet) == 9
    assert "Rows 5, 10, 15 were left out: they hold totals." in imported.notices


@pytest.mark.parametrize("below", [";[hex];(NL-…);[dd.mm.yyyy]", "---;-----;:----:;-----"])
def test_what_explains_the_header_is_no_record(tmp_path: Path, below: str) -> None:
    imported = opened(tmp_path, "Nr.;UID;Vertragsnummer;Gültig bis", below, *rows(3))
    assert len(imported.sheet) == 3
    assert imported.sheet.sources[0] == 3
    assert "Row 2 was left out: it explains the header." in imported.notices


def test_a_first_row_of_values_stays(tmp_path: Path) -> None:
    imported = opened(tmp_path, "Nr.;UID;Vertragsnummer;Gültig bis", "1;04A2B3C4;[NL];", *rows(3))
    assert len(imported.sheet) == 4


def test_an_operator_of_that_name_stays(tmp_path: Path) -> None:
    lines = [f"Total;C{at};2026-10-01T10:00:00+02:00;2026-10-01T11:00:00+02:00;1,0000" for at in range(20)]
    lines[7] = lines[7].replace("C7", "")
    imported = opened(tmp_path, "Infra provider;CDR id;Start;End;Volume", *lines)
    assert len(imported.sheet) == 20
    assert not any("totals" in notice for notice in imported.notices)


def test_a_header_alone_is_told(tmp_path: Path) -> None:
    imported = opened(tmp_path, "UID;Vertragsnummer;Gültig bis")
    assert len(imported.sheet) == 0
    assert "There is a header, but no row below it: list.csv holds no records." in imported.notices
