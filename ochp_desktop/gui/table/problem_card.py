"""One card of the problems panel: what is wrong, how often, why, two examples, and the buttons that mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ochp_desktop.gui import icons, theme
from ochp_desktop.gui.table.accept_form import AcceptForm
from ochp_desktop.gui.table.cell_words import level_word
from ochp_desktop.gui.table.flow import FlowLayout
from ochp_desktop.gui.tooltips import as_tooltip
from ochp_desktop.records.problems import Level
from ochp_desktop.records.remedies import REMEDIES
from ochp_desktop.records.removal import DOUBLES
from ochp_desktop.records.rules import Rule
from ochp_desktop.texts import _, ngettext, number

_MARK = 14
_PAD = 10
_WHERE = 96  # pixels: what an example's place takes at least, so that the texts stand below each other
_ARROW = "  →  "
MANY = 5_000
"""The open card is renewed after every edit; of more problems than this only the first are looked at for it."""
EXAMPLES = 2
"""How many cells a card shows as examples."""


@dataclass(frozen=True, slots=True)
class Example:
    """One cell as an example of a problem.

    Attributes:
        row: row id.
        field: the protocol's name of the field.
        where: "row 10 · F11".
        old: the text as shown.
        new: the repaired text as shown, or None.
        message: the whole sentence about it.
    """

    row: int
    field: str
    where: str
    old: str
    new: str | None
    message: str


class CardHead(QAbstractButton):
    """The line that is always seen: mark, title (wrapped where it is long) and count; opens and closes the card.

    Signals:
        walk: -1 or 1, to the card before or after, by an arrow key.
    """

    walk = Signal(int)

    def __init__(self, rule: Rule, parent: QWidget) -> None:
        super().__init__(parent)
        self._rule = rule
        self._count = 0
        self._heights: dict[int, int] = {}
        self.setCheckable(True)
        self.setText(_(rule.title))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_count(self, count: int) -> None:
        """How many cells have the problem."""
        if count == self._count:
            return
        before = self.heightForWidth(self.width())
        self._count = count
        self._heights.clear()
        self.setAccessibleName(
            _("{level}: {title}, {count}").format(
                level=level_word(self._rule.level), title=self.text(), count=number(count)
            )
        )
        self.setAccessibleDescription(_("Opens the card with reasons, examples and repairs."))
        height = self.heightForWidth(self.width())
        if height != before:
            self.setFixedHeight(height)  # which makes Qt lay out the whole window
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other heights."""
        super().changeEvent(event)
        if hasattr(self, "_heights"):
            self._heights.clear()

    def _count_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(number(self._count)) + _PAD

    def _title_room(self, width: int) -> QRect:
        left = _PAD + _MARK + 6
        return QRect(left, _PAD - 1, max(40, width - left - _PAD - self._count_width()), 10_000)

    def heightForWidth(self, width: int) -> int:
        """High enough for the wrapped title; asked again and again while the window is laid out."""
        if width not in self._heights:
            self._heights[width] = self._needed_height(width)
        return self._heights[width]

    def _needed_height(self, width: int) -> int:
        font = self.font()
        font.setBold(True)
        needed = QFontMetrics(font).boundingRect(
            self._title_room(width), int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop), self.text()
        )
        return max(needed.height() + 2 * _PAD - 2, 30)

    def sizeHint(self) -> QSize:
        """As wide as it gets, as high as the title needs."""
        return QSize(240, self.heightForWidth(self.width() or 240))

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002 - Qt's signature
        """Another width may need another height."""
        self.setFixedHeight(self.heightForWidth(self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the card as the space bar does; Up and Down are the panel's."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.walk.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Mark, title, count, and a frame for the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.theme_of(self.palette())
        icons.paint(painter, self._rule.level.word, QRectF(_PAD, _PAD, _MARK, _MARK), look=look)
        painter.setPen(look.muted)
        painter.drawText(
            QRect(0, _PAD - 1, self.width() - _PAD, self.fontMetrics().height()),
            int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop),
            number(self._count),
        )
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(look.text)
        painter.drawText(
            self._title_room(self.width()), int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop), self.text()
        )
        if self.hasFocus():
            painter.setPen(QPen(look.accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), theme.CORNER, theme.CORNER)


class ProblemCard(QFrame):
    """A rule's card.

    Signals:
        toggled: (code, open) by the user.
        go_to: (row id, field) of an example that was chosen.
        repair: the code whose problems are to be repaired, all of them.
        go_first: the code whose first problem is to be shown.
        show_only: the code whose rows alone are to be shown.
        repair_one: the code whose problem in the row of the current cell is to be repaired.
        remedy: the code whose other remedy is wanted for all its rows.
        removal: the code whose rows are to be taken out.
        accept: (code, reason, whether for all) of a warning that is all right.
    """

    toggled = Signal(str, bool)
    go_to = Signal(int, str)
    repair = Signal(str)
    go_first = Signal(str)
    show_only = Signal(str)
    repair_one = Signal(str)
    remedy = Signal(str)
    removal = Signal(str)
    accept = Signal(str, str, bool)

    def __init__(self, rule: Rule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = rule
        self.setProperty("look", "card")
        self.head = CardHead(rule, self)
        self.head.clicked.connect(lambda checked: self.toggled.emit(rule.code, checked))
        self._body = QWidget(self)
        self._body.hide()
        why = _("{why} ({source})").format(why=_(rule.why), source=rule.source)
        self.why = QLabel(why, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.why.setProperty("look", "muted")
        lines = QVBoxLayout()
        lines.setSpacing(2)
        self.examples = [ExampleButton(self._body) for _place in range(EXAMPLES)]
        for line in self.examples:
            line.chosen.connect(self.go_to)
            lines.addWidget(line)
        buttons = self._make_buttons()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(_PAD, 0, _PAD, _PAD)
        body.setSpacing(2 * theme.SPACING)
        body.addWidget(self.why)
        body.addLayout(lines)
        body.addLayout(buttons)
        body.addWidget(self.accept_form)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(1, 1, 1, 1)
        outside.setSpacing(0)
        outside.addWidget(self.head)
        outside.addWidget(self._body)

    def _make_buttons(self) -> FlowLayout:
        rule = self.rule
        self.repair_button = QPushButton(autoDefault=False)
        self.repair_button.clicked.connect(lambda: self.repair.emit(rule.code))
        self.one_button = QPushButton(_("Repair current row"), autoDefault=False)
        self.one_button.setToolTip(_("Repairs the row of the current cell alone."))
        self.one_button.clicked.connect(lambda: self.repair_one.emit(rule.code))
        self.remedy_button = QPushButton(autoDefault=False)
        if rule.code in REMEDIES:
            title = _(REMEDIES[rule.code].title)
            self.remedy_button.setText(f"{title}…")
        self.remedy_button.clicked.connect(lambda: self.remedy.emit(rule.code))
        self.removal_button = QPushButton(autoDefault=False)
        self.removal_button.clicked.connect(lambda: self.removal.emit(rule.code))
        self.first_button = QPushButton(_("Go to first"), autoDefault=False)
        self.first_button.clicked.connect(lambda: self.go_first.emit(rule.code))
        self.only_button = QPushButton(_("Only these"), autoDefault=False)
        self.only_button.setToolTip(_("Shows only the rows with this problem."))
        self.only_button.clicked.connect(lambda: self.show_only.emit(rule.code))
        buttons = FlowLayout(spacing=2 * theme.SPACING)
        self.accept_button = QPushButton(_("Accept…"), autoDefault=False)
        self.accept_button.setToolTip(_("Says that it is all right, with a reason that is kept."))
        self.accept_button.clicked.connect(lambda: self._show_form(shown=True))
        self.accept_form = AcceptForm(self._body)
        self.accept_form.given.connect(lambda reason, everywhere: self.accept.emit(rule.code, reason, everywhere))
        self.accept_form.closed.connect(lambda: self._show_form(shown=False))
        self.accept_form.hide()
        mending = (self.repair_button, self.one_button, self.remedy_button, self.removal_button)
        for button in (*mending, self.first_button, self.only_button, self.accept_button):
            buttons.addWidget(button)
        return buttons

    @property
    def is_open(self) -> bool:
        """Whether the reasons and examples are shown."""
        return not self._body.isHidden()

    def set_open(self, opened: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """Show or hide the reasons and examples."""
        self.head.setChecked(opened)
        self._body.setVisible(opened)

    def set_count(self, count: int) -> None:
        """How many cells have the problem."""
        self.head.set_count(count)

    def set_details(self, examples: Sequence[Example], repairable: int, count: int, *, read_only: bool) -> None:
        """What the open card says."""
        for at, line in enumerate(self.examples):
            line.setVisible(at < len(examples))
            if at < len(examples):
                line.set_example(examples[at])
        self.accept_form.set_count(count)
        self.accept_button.setVisible(self.rule.level < Level.ERROR and not read_only)
        self.repair_button.setVisible(bool(repairable) and not read_only)
        self.one_button.setVisible(repairable > 1 and not read_only)
        self.remedy_button.setVisible(self.rule.code in REMEDIES and not read_only)
        self.removal_button.setVisible(self.rule.level is Level.ERROR and repairable < count and not read_only)
        if self.rule.code in DOUBLES:
            self.removal_button.setText(_("Keep one of each…"))
        else:
            text = ngettext("Take this row out…", "Take these {count} rows out…", count)
            self.removal_button.setText(text.format(count=number(count)))
        if repairable == count:
            text = ngettext("Repair it", "Repair all {count}", count).format(count=number(count))
        elif count > MANY:
            text = _("Repair all that can be")
        else:
            text = _("Repair {some} of {count}").format(some=number(repairable), count=number(count))
        self.repair_button.setText(text)
        self.repair_button.setToolTip(_("Repairs these cells in one step; Ctrl+Z takes it back."))

    def _show_form(self, *, shown: bool) -> None:
        self.accept_form.setVisible(shown)
        if shown:
            self.accept_form.reason.setFocus(Qt.FocusReason.OtherFocusReason)


class ExampleButton(QAbstractButton):
    """Where, old and new text, and a way to the cell; the texts get a line of their own where one is too short for all.

    What is too long even then is elided; the tooltip has the message.

    Signals:
        chosen: (row id, field) of the cell.
    """

    chosen = Signal(int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._example = Example(-1, "", "", "", None, "")
        self.clicked.connect(lambda: self.chosen.emit(self._example.row, self._example.field))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_example(self, example: Example) -> None:
        """Show another cell."""
        self._example = example
        change = example.old if example.new is None else f"{example.old} → {example.new}"
        self.setText(f"{example.where}   {change}")
        self.setToolTip(as_tooltip([example.message]))
        self.setAccessibleName(f"{example.where}: {change}")
        self.setAccessibleDescription(example.message)
        self.updateGeometry()
        self.update()

    def _breaks(self) -> bool:
        metrics, example = self.fontMetrics(), self._example
        change = example.old if example.new is None else f"{example.old}{_ARROW}{example.new}"
        return self._left() + metrics.horizontalAdvance(change) + 2 > self.width()

    def _left(self) -> int:
        return max(_WHERE, self.fontMetrics().horizontalAdvance(self._example.where) + 12)

    def sizeHint(self) -> QSize:
        """One line, or two."""
        return QSize(160, self.fontMetrics().height() * (2 if self._breaks() else 1) + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another line."""
        super().resizeEvent(event)
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there as the space bar does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Where in the muted colour, then the change."""
        painter = QPainter(self)
        look = theme.theme_of(self.palette())
        if self.underMouse() or self.hasFocus():
            painter.fillRect(self.rect(), look.selection)
        metrics = self.fontMetrics()
        two = self._breaks()
        left = 2 * _PAD if two else self._left()
        height = self.height() // 2 if two else self.height()
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(look.muted if not (self.underMouse() or self.hasFocus()) else look.text)
        where = metrics.elidedText(self._example.where, Qt.TextElideMode.ElideRight, self.width() - 2)
        painter.drawText(QRect(2, 0, self.width() - 2, height), flags, where)
        painter.setPen(look.text)
        room = self.width() - left - 2
        old, new = self._example.old, self._example.new
        if new is not None:
            rest = room - metrics.horizontalAdvance(_ARROW)
            least = max(rest // 2, rest - metrics.horizontalAdvance(old))
            right = metrics.elidedText(new, Qt.TextElideMode.ElideRight, least)
            left_over = rest - metrics.horizontalAdvance(right)
            line = f"{metrics.elidedText(old, Qt.TextElideMode.ElideRight, left_over)}{_ARROW}{right}"
        else:
            line = metrics.elidedText(old, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, self.height() - height, room, height), flags, line)
        if self.hasFocus():
            painter.setPen(QPen(look.accent, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def event(self, event: QEvent) -> bool:
        """Repaint when the pointer comes and goes."""
        if event.type() in {QEvent.Type.HoverEnter, QEvent.Type.HoverLeave}:
            self.update()
        return super().event(event)
