"""A strip per running job: what it is doing, how far it is, and a button that stops it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.gui.worker import JobRunner, Running
from ochp_desktop.jobs.job import Progress
from ochp_desktop.texts import _, number

DELAY = 300
"""Milliseconds before a job gets a strip: quick work should not flicker."""
_STEPS = 10_000


class Strip(QWidget):
    """One job's strip; it vanishes with the job."""

    def __init__(self, running: Running, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.running = running
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "strip")
        self.text_label = layout.label(running.title)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(running.title)
        self.cancel_button = layout.button(_("Cancel"), self._on_cancel_clicked)
        self.cancel_button.setAccessibleName(_("Cancel: {title}").format(title=running.title))
        self.pause_button = layout.button(_("Pause"), self._on_pause_clicked)
        self.pause_button.setAccessibleName(_("Pause: {title}").format(title=running.title))
        self.pause_button.hide()
        line = layout.row(self.text_label, self.bar, self.pause_button, self.cancel_button)
        line.setStretch(1, 1)
        line.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        self.setLayout(line)
        running.progressed.connect(self.on_progressed)
        if running.last_progress is not None:
            self.on_progressed(running.last_progress)
        elif not running.begun:
            self.text_label.setText(_("{title}: waiting for the job before it").format(title=running.title))

    def on_progressed(self, progress: Progress) -> None:
        """Show how far the job is."""
        text = progress.text or self.running.title
        if progress.total:
            text = _("{text}: {done} of {total}").format(
                text=text, done=number(progress.done), total=number(progress.total)
            )
            self.bar.setRange(0, _STEPS)
            self.bar.setValue(min(_STEPS, progress.done * _STEPS // progress.total))
        else:
            if progress.done:
                text = _("{text}: {done}").format(text=text, done=number(progress.done))
            self.bar.setRange(0, 0)
        if progress.can_pause and not self.running.cancel.is_set():
            self.pause_button.show()
        if not self.running.cancel.is_set():
            self.text_label.setText(text)
            self.bar.setAccessibleDescription(text)

    def _on_pause_clicked(self) -> None:
        cancel = self.running.cancel
        if cancel.paused:
            cancel.resume()
            self.pause_button.setText(_("Pause"))
        else:
            cancel.pause()
            self.pause_button.setText(_("Go on"))
            self.text_label.setText(_("{title}: pausing after this request").format(title=self.running.title))
        self.pause_button.setAccessibleName(f"{self.pause_button.text()}: {self.running.title}")

    def _on_cancel_clicked(self) -> None:
        self.cancel_button.setEnabled(False)
        self.pause_button.hide()
        self.text_label.setText(_("{title}: stopping").format(title=self.running.title))
        self.running.stop()


class StripArea(QWidget):
    """The strips of all jobs that have been running for a moment, above the status line."""

    def __init__(self, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strips: dict[Running, Strip] = {}
        self._layout = layout.column(spacing=1)
        self.setLayout(self._layout)
        self.setAccessibleName(_("Running work"))
        self.hide()
        runner.started.connect(self._on_started)

    def strips(self) -> list[Strip]:
        """Those on screen, oldest first."""
        return list(self._strips.values())

    def _on_started(self, running: Running) -> None:
        if running.quiet:
            return
        delay = QTimer(running, singleShot=True)
        delay.timeout.connect(lambda: self._show(running))
        delay.start(DELAY)
        running.over_and_done.connect(self._on_ended)

    def _show(self, running: Running) -> None:
        if running.over:
            return
        strip = Strip(running)
        self._strips[running] = strip
        self._layout.addWidget(strip)
        self.show()

    def _on_ended(self, running: Running) -> None:
        strip = self._strips.pop(running, None)
        if strip is not None:
            self._layout.removeWidget(strip)
            strip.hide()
            strip.deleteLater()
        self.setVisible(bool(self._strips))
