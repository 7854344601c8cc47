"""How the handbook's pictures are kept: in all their colours, as small as PNG makes them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage


def keep(picture: QImage, path: Path) -> None:
    """Write the picture as PNG."""
    # The quality of a PNG is how much it is compressed: 0 is most.
    picture.convertToFormat(QImage.Format.Format_RGB888).save(str(path), "PNG", 0)  # type: ignore[call-overload]  # PySide's stub wants bytes
