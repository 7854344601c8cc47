"""Colours, spacing and the few style rules that every part of the window shares, light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ochp_desktop.paths import resource

Mode = Literal["system", "light", "dark"]

SPACING = 4
"""All distances are multiples of this, in device-independent pixels."""
MARGIN = 12
"""Distance from the window's edge."""
CORNER = 4
"""Radius of the corners of buttons and fields."""
CARD_CORNER = 6
"""Radius of the corners of cards."""
ROW_HEIGHT = 24
"""Height of a table row."""


@dataclass(frozen=True)
class Theme:
    """The colours by role; every text keeps at least 4.5 to 1 on the ground it is meant for.

    Attributes:
        dark: whether this is the dark set.
        window: ground of the window, headers and panels.
        table: ground of tables, fields, cards and buttons.
        alternate: ground of every other row, where rows alternate.
        text: what is read.
        muted: captions, counts, headers, hints in empty fields.
        border: lines, grid, frames.
        accent: the main action, the current tab, a running bar.
        on_accent: text on the accent.
        error_ground, error_mark: a bad cell's ground; its mark and text about it.
        warning_ground, warning_mark: the same for a warning.
        hint_ground, hint_mark: the same for a hint and for a running job's strip.
        practice_ground, practice_text: the band that says this is the practice clearing house.
        selection: ground of selected cells; `text` is read on it.
    """

    dark: bool
    window: QColor
    table: QColor
    alternate: QColor
    text: QColor
    muted: QColor
    border: QColor
    accent: QColor
    on_accent: QColor
    error_ground: QColor
    error_mark: QColor
    warning_ground: QColor
    warning_mark: QColor
    hint_ground: QColor
    hint_mark: QColor
    practice_ground: QColor
    practice_text: QColor
    selection: QColor

    def colour(self, role: str) -> QColor:
        """The colour of a role by its name ("muted").

        Raises:
            AttributeError: there is no such role.
        """
        found = getattr(self, role)
        assert isinstance(found, QColor)
        return found


LIGHT = Theme(
    dark=False,
    window=QColor("#f5f5f3"),
    table=QColor("#ffffff"),
    alternate=QColor("#fafaf8"),
    text=QColor("#1d1f21"),
    muted=QColor("#5f656d"),
    border=QColor("#d9d9d4"),
    accent=QColor("#0b6b63"),
    on_accent=QColor("#ffffff"),
    error_ground=QColor("#fde4e1"),
    error_mark=QColor("#8c1d18"),
    warning_ground=QColor("#fdf0cf"),
    warning_mark=QColor("#6b4a00"),
    hint_ground=QColor("#e2eefb"),
    hint_mark=QColor("#174a7c"),
    practice_ground=QColor("#ece3fb"),
    practice_text=QColor("#4a2d86"),
    selection=QColor("#cfe7e4"),
)
DARK = Theme(
    dark=True,
    window=QColor("#1f2124"),
    table=QColor("#26292d"),
    alternate=QColor("#2b2e33"),
    text=QColor("#e6e7e9"),
    muted=QColor("#9aa0a8"),
    border=QColor("#3a3e44"),
    accent=QColor("#4aa8a0"),
    on_accent=QColor("#0d1b1a"),
    error_ground=QColor("#4b2226"),
    error_mark=QColor("#ffb4ab"),
    warning_ground=QColor("#463817"),
    warning_mark=QColor("#f3cf7a"),
    hint_ground=QColor("#1f3346"),
    hint_mark=QColor("#a9cdf2"),
    practice_ground=QColor("#43306b"),
    practice_text=QColor("#e9defc"),
    selection=QColor("#2d5653"),
)

_DARKEST_LIGHT_WINDOW = 128
# How broad scroll bars are, and how short their handles may get.
_BAR = 14
_HANDLE = 28


def theme_of(palette: QPalette) -> Theme:
    """The theme that a palette belongs to.

    Widgets ask with their own `palette()` when they paint, so that they are right after every change
    without being told about it.
    """
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < _DARKEST_LIGHT_WINDOW else LIGHT


def apply(app: QApplication, mode: Mode = "system") -> Theme:
    """Give the whole program its look, now and after every change of the system's own scheme; the theme in use.

    May be called again with another mode at any time.
    """
    for old in app.findChildren(_SystemSchemeFollower):
        old.setParent(None)
        old.deleteLater()
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    hints = app.styleHints()
    wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(mode, Qt.ColorScheme.Unknown)
    # A silent no-op on some platforms: the palette below is what counts; this only brings native parts along.
    hints.setColorScheme(wanted)
    if mode == "system":
        theme = DARK if hints.colorScheme() is Qt.ColorScheme.Dark else LIGHT
        _SystemSchemeFollower(app)
    else:
        theme = DARK if mode == "dark" else LIGHT
    dress(app, theme)
    return theme


def dress(app: QApplication, theme: Theme) -> None:
    """Set palette and style rules of one theme, whatever the system says."""
    app.setPalette(palette_for(theme))
    rules = style_rules(theme)
    if app.styleSheet() != rules:
        app.setStyleSheet(rules)


class _SystemSchemeFollower(QObject):
    """Changes the theme whenever the system changes between light and dark."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self.parent() is not None:
            dress(self._app, DARK if scheme is Qt.ColorScheme.Dark else LIGHT)


def palette_for(theme: Theme) -> QPalette:
    """The theme's colours as Qt's roles."""
    role = QPalette.ColorRole
    palette = QPalette(theme.table, theme.window)
    for which, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.table),
        (role.AlternateBase, theme.alternate),
        (role.Text, theme.text),
        (role.Button, theme.table),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.error_mark),
        (role.PlaceholderText, theme.muted),
        (role.ToolTipBase, theme.table),
        (role.ToolTipText, theme.text),
        (role.Highlight, theme.selection),
        (role.HighlightedText, theme.text),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Light, theme.table),
        (role.Midlight, theme.border),
        (role.Mid, theme.border),
        (role.Dark, theme.border.darker(110) if not theme.dark else theme.border.lighter(125)),
        (role.Shadow, theme.text if not theme.dark else QColor("#000000")),
    ):
        palette.setColor(which, colour)
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, theme.muted)
    return palette


def style_rules(theme: Theme) -> str:
    """The style rules beyond the palette.

    Kept few, in device-independent pixels, and chosen by the property `look`, so that tables and the
    system's own dialogs keep the plain, fast painting of the Fusion style.
    """
    t = {name: value.name() for name, value in vars(theme).items() if isinstance(value, QColor)}
    pressed, hover = (theme.selection.name(), theme.alternate.name())
    # Fusion shades its scroll bars, which costs as much as painting all cells of a table.
    handle = _between(theme.muted, theme.window, 0.25).name()
    strong = theme.accent.lighter(112).name() if theme.dark else theme.accent.darker(112).name()
    drawn = resource("icons", "style").as_posix()
    which = "dark" if theme.dark else "light"
    return f"""
QPushButton {{ background: {t["table"]}; color: {t["text"]}; border: 1px solid {t["border"]};
  border-radius: {CORNER}px; padding: 4px 13px; min-height: 17px; }}
QPushButton:hover {{ background: {hover}; border-color: {t["muted"]}; }}
QPushButton:pressed, QPushButton:checked {{ background: {pressed}; }}
QPushButton:disabled {{ color: {t["muted"]}; background: {t["window"]}; }}
QPushButton:focus {{ border: 2px solid {t["accent"]}; padding: 3px 12px; }}
QPushButton[look="main"] {{ background: {t["accent"]}; color: {t["on_accent"]}; border-color: {t["accent"]};
  font-weight: bold; }}
QPushButton[look="main"]:hover, QPushButton[look="main"]:pressed {{ background: {strong}; }}
QPushButton[look="main"]:disabled {{ background: {t["window"]}; color: {t["muted"]}; border-color: {t["border"]}; }}
QPushButton[look="main"]:focus {{ border: 2px solid {t["text"]}; }}
QPushButton[look="link"] {{ background: transparent; border: 1px solid transparent; color: {t["accent"]};
  padding: 2px 4px; text-decoration: underline; }}
QPushButton[look="link"]:focus {{ border: 1px solid {t["accent"]}; }}
QPushButton[look="main"]::menu-indicator, QPushButton::menu-indicator {{ image: none; width: 0px; }}
OpenLists::tab {{ background: {t["window"]}; color: {t["muted"]}; border: 1px solid {t["border"]}; border-top: none;
  padding: 3px 8px; }}
OpenLists::tab:selected {{ background: {t["table"]}; color: {t["text"]}; border-bottom: 2px solid {t["accent"]}; }}
OpenLists::tab:focus {{ border: 1px solid {t["accent"]}; border-bottom: 2px solid {t["accent"]}; }}
QLineEdit {{ background: {t["table"]}; border: 1px solid {t["border"]};
  border-radius: {CORNER}px; padding: 3px 8px; min-height: 19px; selection-background-color: {t["selection"]};
  selection-color: {t["text"]}; }}
QLineEdit:focus {{ border: 2px solid {t["accent"]}; padding: 2px 7px; }}
QLineEdit[look="wrong"] {{ border-color: {t["error_mark"]}; background: {t["error_ground"]}; }}
QComboBox QLineEdit, QComboBox QLineEdit:focus,
QAbstractItemView QLineEdit, QAbstractItemView QLineEdit:focus {{ border: none; border-radius: 0; padding: 0 2px;
  min-height: 0; }}
QCheckBox::indicator, QTreeView::indicator, QTableView::indicator, QListView[look="checks"]::indicator {{
  width: 14px; height: 14px; border: 1px solid {t["muted"]}; border-radius: 3px; background: {t["table"]}; }}
QCheckBox::indicator:checked, QTreeView::indicator:checked, QTableView::indicator:checked,
QListView[look="checks"]::indicator:checked {{
  background: {t["accent"]}; border-color: {t["accent"]};
  image: url("{drawn}/tick-{which}.svg"); }}
QTreeView::indicator, QTableView::indicator, QListView[look="checks"]::indicator {{ width: 12px; height: 12px; }}
QCheckBox::indicator:focus {{ border: 2px solid {t["accent"]}; }}
QRadioButton::indicator {{ width: 12px; height: 12px; border: 1px solid {t["muted"]}; border-radius: 7px;
  background: {t["table"]}; }}
QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 4px solid {t["accent"]};
  background: {t["table"]}; }}
QRadioButton::indicator:focus {{ border-color: {t["accent"]}; }}
QComboBox {{ background: {t["table"]}; border: 1px solid {t["border"]}; border-radius: {CORNER}px; padding: 3px 8px;
  min-height: 19px; }}
QComboBox:focus {{ border: 2px solid {t["accent"]}; padding: 2px 7px; }}
QDateEdit {{ background: {t["table"]}; border: 1px solid {t["border"]}; border-radius: {CORNER}px; padding: 3px 8px;
  min-height: 19px; selection-background-color: {t["selection"]}; selection-color: {t["text"]}; }}
QDateEdit:focus {{ border: 2px solid {t["accent"]}; padding: 2px 7px; }}
QDateEdit::drop-down {{ border: none; width: 22px; }}
QDateEdit::down-arrow {{ image: url("{drawn}/chevron-{which}.svg"); width: 12px; height: 12px; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: url("{drawn}/chevron-{which}.svg"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ border: 1px solid {t["border"]}; }}
QAbstractItemView QComboBox, QAbstractItemView QComboBox:focus {{ border: none; border-radius: 0; padding: 0 2px;
  min-height: 0; }}
QHeaderView {{ background: {t["window"]}; border: none; }}
QHeaderView::section {{ background: {t["window"]}; color: {t["muted"]}; border: none; padding: 0 3px;
  border-right: 1px solid {t["border"]}; border-bottom: 1px solid {t["border"]}; }}
QHeaderView::section:checked {{ color: {t["text"]}; font-weight: bold; }}
QTableCornerButton::section {{ background: {t["window"]}; border: none; border-bottom: 1px solid {t["border"]}; }}
QToolTip {{ background: {t["table"]}; color: {t["text"]}; border: 1px solid {t["border"]}; padding: 4px; }}
QFrame[look="card"] {{ background: {t["table"]}; border: 1px solid {t["border"]}; border-radius: {CARD_CORNER}px; }}
QLabel[look="paper"] {{ background: #ffffff; }}
QLabel[look="muted"] {{ color: {t["muted"]}; }}
QLabel[look="error"] {{ color: {t["error_mark"]}; }}
QLabel[look="warning"] {{ color: {t["warning_mark"]}; }}
QLabel[look="strong"] {{ font-weight: bold; }}
QLabel[look="title"] {{ font-weight: bold; }}
QWidget[look="practice"] {{ background: {t["practice_ground"]}; }}
QWidget[look="practice"] QLabel {{ color: {t["practice_text"]}; font-weight: bold; }}
QWidget[look="strip"] {{ background: {t["hint_ground"]}; }}
QWidget[look="strip"] QLabel {{ color: {t["hint_mark"]}; }}
QWidget[look="notice-error"] {{ background: {t["error_ground"]}; }}
QWidget[look="notice-error"] QLabel {{ color: {t["error_mark"]}; }}
QWidget[look="notice-warning"] {{ background: {t["warning_ground"]}; }}
QWidget[look="notice-warning"] QLabel {{ color: {t["warning_mark"]}; }}
QWidget[look="notice-done"] {{ background: {t["selection"]}; }}
QScrollBar {{ background: {t["window"]}; border: none; }}
QScrollBar:vertical {{ width: {_BAR}px; }}
QScrollBar:horizontal {{ height: {_BAR}px; }}
QScrollBar::handle {{ background: {handle}; border: 3px solid {t["window"]}; }}
QScrollBar::handle:vertical {{ min-height: {_HANDLE}px; }}
QScrollBar::handle:horizontal {{ min-width: {_HANDLE}px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {t["muted"]}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
QAbstractScrollArea::corner {{ background: {t["window"]}; border: none; }}
QProgressBar {{ background: {t["border"]}; border: none; border-radius: 4px; max-height: 8px; }}
QProgressBar::chunk {{ background: {t["accent"]}; border-radius: 4px; }}
"""


def _between(one: QColor, other: QColor, share: float) -> QColor:
    """A colour with so much of the other one in it, from 0 to 1."""
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in parts))


def is_palette_change(event: QEvent) -> bool:
    """Whether a widget's `changeEvent` means that its colours may have changed."""
    return event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.ApplicationPaletteChange}


def current() -> Theme:
    """The theme of the running program; for what is painted without a widget at hand, such as icons."""
    return theme_of(QGuiApplication.palette())
