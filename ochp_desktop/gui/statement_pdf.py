"""The PDF of a statement: from the archive, or fetched now when it is not there yet, in a window of its own."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ochp_desktop.gui.moments import short_moment
from ochp_desktop.gui.notice import Notice, Step
from ochp_desktop.gui.pdf_view import PdfView
from ochp_desktop.gui.session import Session
from ochp_desktop.jobs.fetch_statement import fetch_pdf
from ochp_desktop.jobs.statements import Statement
from ochp_desktop.texts import _


class StatementPdf(QObject):
    """Opens statements' PDFs.

    Signals:
        fetched: (statement id) its PDF is in the archive now.
    """

    fetched = Signal(object)

    def __init__(self, over: QWidget, session: Session, notice: Notice) -> None:
        super().__init__(over)
        self._over = over
        self._session = session
        self._notice = notice
        self.view: PdfView | None = None

    def open(self, statement: Statement) -> None:
        """Show the statement's PDF."""
        workplace = self._session.workplace
        if statement.pdf is not None:
            self._show(statement, statement.pdf)
        elif not statement.doc_link or workplace is None:
            self._notice.warn(_("The house gave no PDF with this statement."))
        else:
            self._session.house_job(
                _("Fetching the PDF"),
                lambda cancel: fetch_pdf(workplace, statement.id, statement.doc_link, cancel),
                on_result=partial(self._on_fetched, statement),
                on_error=lambda error: self._notice.error(error, Step(_("Try again"), partial(self.open, statement))),
            )

    def _on_fetched(self, statement: Statement, pdf: bytes) -> None:
        self.fetched.emit(statement.id)
        self._show(statement, pdf)

    def _show(self, statement: Statement, pdf: bytes) -> None:
        title = _("Statement of {when}").format(when=short_moment(statement.fetched))
        name = f"statement-{statement.fetched:%Y-%m-%d}.pdf"
        self.view = PdfView(self._session.runner, pdf, title, name, self._over.window())
        self.view.finished.connect(self._on_closed)
        self.view.show()

    def _on_closed(self) -> None:
        self.view = None
