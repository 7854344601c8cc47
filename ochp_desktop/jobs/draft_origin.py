"""What a draft keeps of where its sheet came from: the file, and what had happened to its cells, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from ochp_desktop.records.rules import DamagedCell
from ochp_desktop.sheet.origin import Origin
from ochp_desktop.sheet.sheet import Sheet

_DAMAGE = "damage"


def origin_text(sheet: Sheet) -> str:
    """The sheet's origin and damaged cells."""
    told: dict[str, Any] = asdict(sheet.origin) if sheet.origin else {}
    if sheet.damage:
        told[_DAMAGE] = {
            name: {str(row): list(cell) for row, cell in rows.items()} for name, rows in sheet.damage.items()
        }
    return json.dumps(told, default=dict)


def take_origin(sheet: Sheet, text: str) -> None:
    """Give the sheet the origin and damaged cells that `origin_text` told of.

    Raises:
        ValueError: it is not what `origin_text` writes.
        TypeError: the same.
    """
    told = json.loads(text)
    damage = told.pop(_DAMAGE, {})
    sheet.origin = Origin(**told) if told else None
    for name, rows in damage.items():
        sheet.damage[name] = {int(row): DamagedCell(*cell) for row, cell in rows.items()}
