"""Tooltips that show texts as they are: Qt takes whatever looks like markup for it, and loads pictures named in it."""

from __future__ import annotations

import html
from collections.abc import Sequence


def as_tooltip(lines: Sequence[str]) -> str:
    """Plain lines as a tooltip that wraps; nothing in them is taken for markup."""
    return "<qt>" + "<br>".join(html.escape(line) for line in lines) + "</qt>"


def plain_tooltip(text: str) -> str:
    """A text from a file, a house or people as a tooltip; no tooltip for an empty one."""
    return as_tooltip(text.split("\n")) if text else ""
