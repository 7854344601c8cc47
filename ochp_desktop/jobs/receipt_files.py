"""Writing a receipt to a file, in the form that its name asks for."""

from __future__ import annotations

from pathlib import Path

from ochp_desktop.errors import UsageError
from ochp_desktop.jobs.receipts import CdrReceipt
from ochp_desktop.texts import _


def save_receipt(path: Path, receipt: CdrReceipt) -> None:
    """Write a receipt as .pdf or .xlsx, by the file's ending.

    Raises:
        UsageError: another ending.
        FileError: the file cannot be written; an old one stays whole.
    """
    suffix = path.suffix.casefold()
    if suffix == ".pdf":
        from ochp_desktop.jobs.receipt_pdf import write_pdf

        write_pdf(path, receipt)
    elif suffix == ".xlsx":
        from ochp_desktop.jobs.receipt_book import write_book

        write_book(path, receipt)
    else:
        raise UsageError(_("Which kind of receipt?"), _("A receipt is written as .pdf or as .xlsx; end the name so."))
