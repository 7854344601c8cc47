"""The editors that open in a cell: a line, or a line with a list; both say beneath what is wrong while one types."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QComboBox, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from ochp_desktop.gui import icons, theme
from ochp_desktop.records.fields import Field
from ochp_desktop.records.value_time import ExpiryDate, OffsetDateTime
from ochp_desktop.texts import _

_HINT_WIDTH = 340


class TextEditor(QLineEdit):
    """A line for one cell, in the usual colours whatever the cell's problems are."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self.filled = False
        self.untouched = ""
        self.setAccessibleName(field.title())
        accent = theme.theme_of(parent.palette()).accent.name()
        self.setStyleSheet(f"QLineEdit {{ border: 2px solid {accent}; padding: 0 1px; }}")
        self.hint = CellHint(self)
        self.textChanged.connect(self.hint.show_for)

    def cell_text(self) -> str:
        """What to put into the cell."""
        return self.text()

    def fill(self, text: str) -> None:
        """Show the cell's text."""
        self.setText(text)

    def line(self) -> QLineEdit:
        """Where the text is typed."""
        return self

    def open_list(self) -> None:
        """Nothing: a plain text has no list."""


class DateEditor(TextEditor):
    """A line with a calendar that opens by its button, F4, or Alt and Down; anything may be typed beside it."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(field, parent)
        button = QAction(icons.icon("calendar"), _("Calendar (Alt+Down)"), self)
        button.triggered.connect(lambda _checked=False: self.open_list())
        self.addAction(button, QLineEdit.ActionPosition.TrailingPosition)
        self.setAccessibleDescription(_("Alt and Down open a calendar."))
        self.calendar: CalendarPopup | None = None

    def open_list(self) -> None:
        """Open the calendar at the day that stands here, else at today."""
        value = self.field.type.parse(self.text())
        popup = CalendarPopup(value, self)
        popup.chosen.connect(self._on_day_chosen)
        popup.show_at(self.mapToGlobal(QPoint(0, self.height() + 2)))
        self.calendar = popup

    def _on_day_chosen(self, day: QDate) -> None:
        """The chosen day, with the time of day that stands here; a time without one is midnight here."""
        chosen = date(day.year(), day.month(), day.day())
        before = self.field.type.parse(self.text())
        if isinstance(self.field.type, OffsetDateTime):
            now = datetime.combine(chosen, datetime.min.time()).astimezone()
            kept = before.replace(year=chosen.year, month=chosen.month, day=chosen.day) if before else now
            self.setText(self.field.type.format(kept))
        else:
            self.setText(self.field.type.format(chosen))
        self.setFocus(Qt.FocusReason.OtherFocusReason)


class CalendarPopup(QFrame):
    """A month to choose a day from, by mouse or arrow keys and Enter.

    Signals:
        chosen: the day.
    """

    chosen = Signal(QDate)

    def __init__(self, value: date | None, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "card")
        self.month = QCalendarWidget()
        self.month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.month.setGridVisible(False)
        self.month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.ISOWeekNumbers)
        self.month.setAccessibleName(_("Calendar"))
        if value is not None:
            self.month.setSelectedDate(QDate(value.year, value.month, value.day))
        self._paint_days()
        self.month.activated.connect(self._on_activated)
        self.month.clicked.connect(self._on_activated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACING, theme.SPACING, theme.SPACING, theme.SPACING)
        layout.addWidget(self.month)

    def _paint_days(self) -> None:
        """All days in the text's colour: red week ends would look like errors."""
        look = theme.theme_of(self.palette())
        plain = QTextCharFormat()
        plain.setForeground(look.text)
        for day in Qt.DayOfWeek:
            self.month.setWeekdayTextFormat(day, plain)
        head = QTextCharFormat()
        head.setForeground(look.muted)
        head.setBackground(look.table)
        self.month.setHeaderTextFormat(head)

    def show_at(self, place: QPoint) -> None:
        """Open at a place on the screen, all of it in view."""
        self.adjustSize()
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = max(room.left(), min(place.x(), room.right() - self.width()))
        self.move(left, max(room.top(), min(place.y(), room.bottom() - self.height())))
        self.show()
        self.month.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_activated(self, day: QDate) -> None:
        self.close()
        self.chosen.emit(day)


class ChoiceEditor(QComboBox):
    """A line with the list of allowed values; anything else may be typed too and stays as typed."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self.filled = False
        self.untouched = ""
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFrame(False)
        self.setAccessibleName(field.title())
        for text, shown in field.type.choices():
            self.addItem(shown, text)
        self.hint = CellHint(self)
        self.editTextChanged.connect(lambda _text: self.hint.show_for(self.cell_text()))

    def cell_text(self) -> str:
        """The number of a choice that was picked or written out, else what was typed."""
        typed = self.currentText().strip()
        for text, shown in self.field.type.choices():
            if typed.casefold() in {text.casefold(), shown.casefold(), _name_of(text, shown).casefold()}:
                return text
        return self.currentText()

    def fill(self, text: str) -> None:
        """Show the cell's text, as its choice where it is one."""
        at = self.findData(text)
        self.setCurrentIndex(at)
        if at < 0:
            self.setEditText(text)

    def line(self) -> QLineEdit:
        """Where the text is typed."""
        line = self.lineEdit()
        assert line is not None
        return line

    def open_list(self) -> None:
        """Open the list."""
        self.showPopup()


Editor = TextEditor | ChoiceEditor


def make_editor(field: Field, parent: QWidget) -> Editor:
    """A list where there are choices, a line with a calendar for days, else a line."""
    if field.type.choices():
        return ChoiceEditor(field, parent)
    dated = isinstance(field.type, ExpiryDate | OffsetDateTime)
    return DateEditor(field, parent) if dated else TextEditor(field, parent)


def _name_of(text: str, shown: str) -> str:
    """The name alone in a choice that is shown as number and name."""
    return shown.removeprefix(text).strip() or shown


class CellHint(QLabel):
    """The sentence under an open editor that says what is wrong with what is typed; hidden while nothing is."""

    def __init__(self, editor: TextEditor | ChoiceEditor) -> None:
        viewport = editor.parentWidget()
        assert viewport is not None
        super().__init__(viewport)
        self._editor = editor
        self.setObjectName("cell-hint")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        editor.installEventFilter(self)
        editor.destroyed.connect(self.deleteLater)

    def show_for(self, text: str) -> None:
        """Say what is wrong with the text, if anything."""
        field = self._editor.field
        complaint = field.type.check(text) if text.strip() else None
        if complaint is None:
            self.hide()
            self._editor.setAccessibleDescription("")
            return
        message = _(complaint.text).format_map(complaint.args)
        self.setText(message)
        self._editor.setAccessibleDescription(message)
        look = theme.theme_of(self._editor.palette())
        ground, mark = look.error_ground.name(), look.error_mark.name()
        self.setStyleSheet(
            f"background: {ground}; color: {mark}; border: 1px solid {mark};"
            f" border-radius: {theme.CORNER}px; padding: {theme.SPACING}px;"
        )
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside the editor, and go with it."""
        if event.type() in {QEvent.Type.Move, QEvent.Type.Resize} and self.isVisible():
            self._place()
        elif event.type() == QEvent.Type.Hide:
            self.hide()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        viewport = self.parentWidget()
        assert viewport is not None
        cell = self._editor.geometry()
        width = min(_HINT_WIDTH, viewport.width())
        inside = width - 2 * (theme.SPACING + 2)
        wrapped = self.fontMetrics().boundingRect(
            QRect(0, 0, inside, 10_000), int(Qt.TextFlag.TextWordWrap), self.text()
        )
        size = QRect(0, 0, width, wrapped.height() + 2 * (theme.SPACING + 2))
        size.moveTopLeft(QPoint(max(0, min(cell.left(), viewport.width() - width)), cell.bottom() + 2))
        if size.bottom() > viewport.height() and cell.top() - size.height() > 0:
            size.moveBottom(cell.top() - 2)
        self.setGeometry(size)
