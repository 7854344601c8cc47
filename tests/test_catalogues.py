"""The tool that renews the translation catalogues takes in what nobody has translated yet."""

from __future__ import annotations

import runpy
from pathlib import Path

TOOL = Path(__file__).resolve().parents[1] / "packaging" / "texts.py"


def test_a_new_text_comes_into_the_catalogue_and_is_told_as_missing(tmp_path: Path) -> None:
    tool = runpy.run_path(str(TOOL))
    tool["renew"].__globals__["LOCALE"] = tmp_path
    template = tool["Catalog"](charset="utf-8")
    template.add("Hello {name}")
    template.add(("{count} row", "{count} rows"))
    tool["renew"](template, "de")
    tool["renew"](template, "de")
    assert [fault.partition(": ")[2].partition(": ")[0] for fault in tool["faults"](template, "de")] == [
        "not translated",
        "not translated",
    ]
