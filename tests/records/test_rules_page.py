"""The handbook's page of rules says what the rules say."""

from __future__ import annotations

import runpy
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def test_the_page_is_current() -> None:
    """Renew it with: python packaging/rules_page.py."""
    page = runpy.run_path(str(TOP / "packaging" / "rules_page.py"))["page"]()
    assert (TOP / "docs" / "rules.md").read_text(encoding="utf-8") == page
