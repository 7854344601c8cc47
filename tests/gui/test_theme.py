"""Both themes can be read, by everyone, and are applied as asked."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui import layout, theme

PAIRS = [
    ("text", "window"), ("text", "table"), ("text", "alternate"), ("muted", "window"), ("muted", "table"),
    ("on_accent", "accent"), ("error_mark", "error_ground"), ("warning_mark", "warning_ground"),
    ("hint_mark", "hint_ground"), ("practice_text", "practice_ground"), ("text", "selection"),
    ("error_mark", "window"), ("warning_mark", "window"), ("accent", "window"), ("text", "error_ground"),
    ("text", "warning_ground"), ("error_mark", "table"), ("warning_mark", "table"),
]  # fmt: skip


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("upper", "ground"), PAIRS)
def test_text_has_contrast_on_its_ground(look: theme.Theme, upper: str, ground: str) -> None:
    one, two = sorted((luminance(look.colour(upper)), luminance(look.colour(ground))))
    assert (two + 0.05) / (one + 0.05) >= 4.5


@pytest.mark.parametrize(("mode", "expected"), [("light", theme.LIGHT), ("dark", theme.DARK)])
def test_a_chosen_mode_is_in_use_at_once(qapp: QApplication, mode: theme.Mode, expected: theme.Theme) -> None:
    assert theme.apply(qapp, mode) is expected
    assert theme.theme_of(qapp.palette()) is expected
    assert theme.current() is expected
    assert qapp.palette().color(QPalette.ColorRole.Window) == expected.window


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_main_button_that_cannot_be_pressed_does_not_look_as_if_it_could(
    qapp: QApplication, qtbot: QtBot, mode: theme.Mode
) -> None:
    look = theme.apply(qapp, mode)
    button = layout.button("Upload", look="main")
    qtbot.addWidget(button)
    button.show()
    ground = button.grab().toImage().pixelColor(6, 6)
    assert ground == look.accent
    button.setEnabled(False)
    assert button.grab().toImage().pixelColor(6, 6) != look.accent
    theme.apply(qapp, "light")


def test_system_mode_follows_and_a_chosen_mode_does_not(qapp: QApplication) -> None:
    theme.apply(qapp, "system")
    assert len(qapp.findChildren(theme._SystemSchemeFollower)) == 1
    theme.apply(qapp, "system")
    assert len(qapp.findChildren(theme._SystemSchemeFollower)) == 1
    theme.apply(qapp, "dark")
    assert not qapp.findChildren(theme._SystemSchemeFollower)
    theme.apply(qapp, "light")
