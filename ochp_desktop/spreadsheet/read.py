"""Reads the table out of any spreadsheet file, in a child process with limits, as rows of texts."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ochp_desktop import texts
from ochp_desktop.errors import Cancelled, FileError
from ochp_desktop.records.turns import Turns
from ochp_desktop.spreadsheet.child import CHILD_FLAG, OUT_OF_MEMORY
from ochp_desktop.spreadsheet.frames import MAX_COLUMNS, MAX_ROWS, Frame, read_frames
from ochp_desktop.spreadsheet.rawtable import Mark, RawTable
from ochp_desktop.spreadsheet.recognise import FileKind
from ochp_desktop.texts import _

if TYPE_CHECKING:
    from ochp_desktop.spreadsheet.csvfile import CsvForm

_POLL_SECONDS = 0.05
_FAREWELL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child process may use.

    Attributes:
        memory: bytes of address space; not enforced on Windows and macOS.
        cpu: seconds of processor time; not enforced on Windows.
        deadline: seconds until it is stopped, whatever it does.
    """

    memory: int = 2_500_000_000
    cpu: int = 300
    deadline: float = 900.0


def child_command() -> list[str]:
    """The command line of the reading child, from a source tree, an installed wheel or a packaged program.

    A packaged program has no `-m`: its entry point must call `ochp_desktop.spreadsheet.child.main()` when its first
    argument is `CHILD_FLAG`.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG]
    # -P: a json.py in the folder where somebody happens to be must not be run.
    return [sys.executable, "-P", "-m", "ochp_desktop.spreadsheet.child"]


def read_table(
    path: Path | str,
    *,
    sheet: str | None = None,
    form: CsvForm | None = None,
    cancel: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
    limits: Limits | None = None,
) -> RawTable:
    """Read one sheet of a spreadsheet or a text table.

    Args:
        path: the file; what it is, is told by its content.
        sheet: name of the sheet; None for the first visible one with something in it.
        form: encoding and delimiter of a text table; None to find out.
        cancel: asked about every 50 ms; when it says True, the reading ends at once.
        progress: told the number of rows read so far.
        limits: what the child may use.

    Raises:
        FileError: the file cannot be read as a table; the text says why and what to do.
        Cancelled: `cancel` said so.
    """
    path = Path(path)
    reading = _Reading(path, limits or Limits(), cancel or (lambda: False))
    request = {
        "path": str(path.absolute()),
        "sheet": sheet,
        "form": [form.encoding, form.delimiter, form.quote] if form else None,
        "language": texts.language(),
        "memory": reading.limits.memory,
        "cpu": reading.limits.cpu,
    }
    with _no_garbage_collection(), contextlib.closing(reading.frames(request)) as frames:
        table = _assemble(path, frames, progress or (lambda _rows: None))
    if form is None and len(table.rows.columns) == 1:  # what somebody chose is kept
        from ochp_desktop.spreadsheet.onecolumn import spread

        spread(table)
    return table


def _assemble(path: Path, frames: Iterator[Frame], progress: Callable[[int], None]) -> RawTable:
    table = RawTable(path, FileKind.CSV)
    width = 0
    for kind, content in frames:
        if kind == "H":
            _take_head(table, content)
        elif kind == "R":
            table.rows.append(content.rows, content.columns)
            progress(len(table.rows))
        elif kind == "P":
            for row, column, text in content:
                if 0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS:
                    table.rows.put(row, column, text)
                    width = max(width, column + 1)
        elif kind == "M":
            table.marks += [Mark(*mark) for mark in content]
        elif kind == "Z":
            table.notices = content["notices"]
            table.numbers = dict(content.get("numbers", ()))
            table.dates = dict(content.get("dates", ()))
            width = max(width, content["width"])
    table.rows.finish(width)
    return table


def _take_head(table: RawTable, head: Mapping[str, Any]) -> None:
    table.file_kind = FileKind(head["kind"])
    table.sheets, table.hidden_sheets, table.sheet = head["sheets"], head["hidden"], head["sheet"]
    if head.get("form"):
        from ochp_desktop.spreadsheet.csvfile import CsvForm

        table.form = CsvForm(*head["form"])


class _Reading:
    """One child process from start to end; it never outlives `frames`."""

    def __init__(self, path: Path, limits: Limits, cancel: Callable[[], bool]) -> None:
        self.limits = limits
        self._path = path
        self._cancel = cancel

    def frames(self, request: Mapping[str, object]) -> Generator[Frame, None, None]:
        """The child's frames as they come, up to and with the end.

        Raises:
            FileError: the child says so, crashed, took too much memory or too long.
            Cancelled: the user stopped it.
        """
        with tempfile.TemporaryFile() as complaints:
            process = self._start(complaints)
            arrived: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
            assert process.stdout is not None
            listener = threading.Thread(target=_listen, args=(process.stdout, arrived), daemon=True)
            listener.start()
            try:
                self._ask(process, request)
                frame = self._next(arrived)
                while frame is not None:
                    if frame.kind == "E":
                        raise FileError(*(str(part) for part in frame.content[:3]))
                    yield frame
                    if frame.kind == "Z":
                        return
                    frame = self._next(arrived)
                raise self._crash(_exit_code(process), complaints)
            finally:
                process.kill()
                process.wait()
                listener.join()
                process.stdout.close()

    def _start(self, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        self._deadline = time.monotonic() + self.limits.deadline
        package = Path(__file__).resolve().parents[2]
        environment = dict(os.environ)
        # In a source tree the package is found by its folder, which -P leaves out.
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(package), environment.get("PYTHONPATH"))))
        try:
            return subprocess.Popen(
                child_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as failure:
            raise FileError(
                _("The file cannot be read"),
                _("The reader for {name} could not be started. Close other programs and try again.").format(
                    name=self._path.name
                ),
                detail=str(failure),
            ) from failure

    @staticmethod
    def _ask(process: subprocess.Popen[bytes], request: Mapping[str, object]) -> None:
        assert process.stdin is not None
        # A child that is gone already is noticed by what it did not answer.
        with contextlib.suppress(OSError), process.stdin as stream:
            stream.write(json.dumps(request).encode("ascii") + b"\n")

    def _next(self, arrived: queue.SimpleQueue[Frame | None]) -> Frame | None:
        while True:
            if self._cancel():
                raise Cancelled(_("Stopped"), _("{name} was not opened.").format(name=self._path.name))
            if time.monotonic() > self._deadline:
                raise self._too_slow()
            with contextlib.suppress(queue.Empty):
                return arrived.get(timeout=_POLL_SECONDS)

    def _too_slow(self) -> FileError:
        return FileError(
            _("Reading takes too long"),
            _(
                "{name} takes so long to read that something is wrong with it. Copy the table into a new workbook, "
                "or save the sheet as .csv."
            ).format(name=self._path.name),
        )

    def _crash(self, code: int, complaints: IO[bytes]) -> FileError:
        """What to say about a child that ended without a verdict."""
        complaints.seek(0)
        said = complaints.read(100_000).decode("utf-8", "replace")
        if code == -getattr(signal, "SIGXCPU", 0):
            return self._too_slow()
        if code == OUT_OF_MEMORY or "memory allocation" in said or code == -getattr(signal, "SIGKILL", 0):
            return FileError(
                _("The file needs too much memory"),
                _(
                    "{name} needs more memory than a table should. Delete unused rows, columns and sheets in Excel and "
                    "save it again, or save the sheet as .csv."
                ).format(name=self._path.name),
                detail=said[-500:],
            )
        return FileError(
            _("The file is damaged"),
            _(
                "{name} could not be read: the reader stopped on it. If Excel or LibreOffice can open it, "
                "save it there as a new .xlsx."
            ).format(name=self._path.name),
            detail=f"{code} {said[-500:]}",
        )


def _exit_code(process: subprocess.Popen[bytes]) -> int:
    """How a child ended that says nothing more; one that still runs then has said something no honest child says."""
    try:
        return process.wait(timeout=_FAREWELL_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait() or -1


def _listen(stream: IO[bytes], arrived: queue.SimpleQueue[Frame | None]) -> None:
    """Decode frames as they come, beside the thread that puts them together; None when there are no more."""
    turns = Turns()
    try:
        for frame in read_frames(stream):
            arrived.put(frame)
            turns.rest()
    except (ValueError, OSError):
        pass  # cut off or no frames at all: the child died, and its exit code says how
    finally:
        arrived.put(None)


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Millions of new lists make the collector walk them again and again, for nothing."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
