"""Our own bugs: a log without secrets in the data folder, and a dialog that says so calmly."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ochp_desktop.crash_log import crash_text, write_crash_log
from ochp_desktop.gui import icons
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.texts import _


class CrashDialog(QDialog):
    """Says that the program made a mistake, that nothing was lost, and where the log is; never shows code."""

    def __init__(self, log: Path | None, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.log = log
        self._text = text
        self.setWindowTitle(_("The program made a mistake"))
        mark = QLabel()
        mark.setPixmap(icons.icon("error").pixmap(32, 32))
        said = _(
            "Something in the program went wrong that should not. What you typed is kept, and you can go on working. "
            "If it happens again, please send the log to whoever looks after the program: "
            "it holds no passwords and none of your data."
        )
        label = QLabel(said)
        label.setWordWrap(True)
        label.setMinimumWidth(420)
        where = QLabel(str(log) if log is not None else _("The log could not be written to the disk; copy it instead."))
        where.setProperty("look", "muted")
        where.setWordWrap(True)
        where.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.open_button = QPushButton(_("Open the log's &folder"))
        self.open_button.setVisible(log is not None)
        self.open_button.clicked.connect(self._on_open_clicked)
        self.copy_button = QPushButton(_("&Copy the log"))
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.go_on_button = QPushButton(_("&Go on"))
        self.go_on_button.setProperty("look", "main")
        self.go_on_button.setDefault(True)
        self.go_on_button.clicked.connect(self.accept)
        words = QVBoxLayout()
        words.setSpacing(2 * SPACING)
        words.addWidget(label)
        words.addWidget(where)
        top = QHBoxLayout()
        top.setSpacing(MARGIN)
        top.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACING)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.copy_button)
        buttons.addStretch(1)
        buttons.addWidget(self.go_on_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addLayout(top)
        layout.addLayout(buttons)

    def _on_open_clicked(self) -> None:
        if self.log is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.log.parent)))

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.copy_button.setText(_("Copied"))


class CrashReporter(QObject):
    """Logs exceptions nobody expected and shows one dialog at a time for them, from whatever thread they come.

    Signals:
        reported: the log's path, or None, after the log was written and before the dialog is shown.
    """

    reported = Signal(object)
    _came = Signal(object)

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.data_dir = data_dir
        self.window: QWidget | None = None
        self.dialog: CrashDialog | None = None
        self._came.connect(self.report, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over `sys.excepthook`: slots that raise end here."""
        sys.excepthook = self._hook

    def report(self, error: BaseException) -> None:
        """Log it and say so; called in the window's thread."""
        log = write_crash_log(self.data_dir, error)
        self.reported.emit(log)
        if self.dialog is not None and self.dialog.isVisible():
            return
        self.dialog = CrashDialog(log, crash_text(error), self.window)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.open()

    def _on_dialog_finished(self) -> None:
        self.dialog = None

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._came.emit(error)
