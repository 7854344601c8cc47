"""What commands print: sentences or one JSON document on standard output, progress and complaints on standard error."""

from __future__ import annotations

import codecs
import json
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from ochp_desktop.errors import OchpError
from ochp_desktop.jobs.job import Cancel, Job, Progress, run
from ochp_desktop.texts import labelled, number

Result = TypeVar("Result")
BAR_WIDTH = 30


# What a narrow encoding, such as that of Windows for files and pipes, may lack of the marks that our sentences use.
_PLAIN_MARKS = {"\u202f": " ", "\u00a0": " ", "’": "'", "“": '"', "”": '"', "„": '"', "…": "...", "→": "->", "–": "-"}


# What a terminal may take for an order, or write backwards, in the words of a house or in the name of a file.
_ORDERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text without characters that a terminal would obey instead of showing them."""
    return _ORDERS.sub("\ufffd", text)


def print_anywhere() -> None:
    """Let no character end a command: marks that the encoding of an output lacks get plainer, letters are escaped."""
    codecs.register_error("ochp-plain-marks", _with_plain_marks)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="ochp-plain-marks")


def _with_plain_marks(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    plain = [_PLAIN_MARKS.get(one) or one.encode("ascii", "backslashreplace").decode() for one in lacking]
    return "".join(plain), error.end


class Output:
    """Prints for people, or for programs when `as_json`."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._bar = sys.stderr is not None and sys.stderr.isatty() and not as_json

    def say(self, text: str) -> None:
        """A sentence for people; programs do not get it."""
        if not self.as_json:
            print(plain(text), flush=True)

    def remark(self, text: str) -> None:
        """A sentence for people, also beside an answer for programs: then on standard error."""
        print(plain(text), file=sys.stderr if self.as_json else sys.stdout, flush=True)

    def data(self, document: dict[str, Any]) -> None:
        """The whole answer for programs; people do not get it."""
        if self.as_json:
            print(json.dumps(document, ensure_ascii=False, default=str), flush=True)

    def failure(self, error: OchpError) -> None:
        """Why the command did not do what it was asked."""
        self.data({"error": {"title": error.title, "text": error.text}})
        print(plain(labelled(error.title, error.text)), file=sys.stderr, flush=True)

    def run(self, job: Job[Result], cancel: Cancel) -> Result:
        """Run a job with a progress bar on a terminal; Ctrl+C and SIGTERM ask it to stop in order."""
        try:
            with _stopping(cancel):
                return run(job, self._show if self._bar else None)
        finally:
            if self._bar:
                self._line("")

    def _show(self, progress: Progress) -> None:
        if progress.total:
            full = min(BAR_WIDTH, BAR_WIDTH * progress.done // progress.total)
            far = f"[{'#' * full}{'.' * (BAR_WIDTH - full)}] {100 * progress.done // progress.total} %"
        else:
            far = number(progress.done) if progress.done else ""
        self._line(f"{progress.text} {far}")

    @staticmethod
    def _line(text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r\x1b[K" + plain(text[:width]))
        sys.stderr.flush()


@contextmanager
def _stopping(cancel: Cancel) -> Iterator[None]:
    """While inside, the signals that end a program set the flag instead: the job ends in order."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        cancel.set()

    before = {name: signal.signal(name, on_signal) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
