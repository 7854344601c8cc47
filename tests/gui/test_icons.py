"""Icons are there, follow the theme and are drawn at the pixels that are asked for."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from ochp_desktop.gui import icons, theme
from ochp_desktop.paths import resource

NAMES = sorted(path.stem for path in resource("icons").glob("*.svg"))


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_in_both_themes(qapp: QApplication, name: str) -> None:
    for look in (theme.LIGHT, theme.DARK):
        theme.dress(qapp, look)
        image = icons.icon(name).pixmap(QSize(16, 16), 1.0).toImage()
        inked = [
            image.pixelColor(x, y)
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() > 200
        ]
        assert len(inked) > 6
        if name != "app":
            wanted = look.colour(
                {"error": "error_mark", "warning": "warning_mark", "hint": "hint_mark"}.get(name, "text")
            )
            nearest = min(
                abs(c.red() - wanted.red()) + abs(c.green() - wanted.green()) + abs(c.blue() - wanted.blue())
                for c in inked
            )
            assert nearest < 40


@pytest.mark.parametrize(("ratio", "pixels"), [(1.0, 16), (1.25, 20), (1.5, 24), (2.0, 32), (3.0, 48)])
def test_icons_have_all_the_pixels_of_a_scaled_screen(qapp: QApplication, ratio: float, pixels: int) -> None:
    pixmap = icons.icon("open").pixmap(QSize(16, 16), ratio)
    assert pixmap.width() == pixels
    assert pixmap.devicePixelRatio() == pytest.approx(ratio)


def test_an_icon_in_use_follows_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    theme.dress(qapp, theme.LIGHT)
    button.setIcon(icons.icon("open"))
    light = button.icon().pixmap(16, 16).toImage()
    theme.dress(qapp, theme.DARK)
    assert button.icon().pixmap(16, 16).toImage() != light


def test_copies_of_an_icon_outlive_the_first(qapp: QApplication) -> None:
    copies = [icons.icon("undo") for _ in range(50)]
    button = QToolButton()
    for one in copies:
        button.setIcon(one)
    del copies
    assert not button.icon().pixmap(16, 16).isNull()


def test_an_unknown_icon_is_a_mistake_of_ours() -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")


def test_every_icon_file_is_small() -> None:
    for name in NAMES:
        assert Path(resource("icons", f"{name}.svg")).stat().st_size < 2000
