"""The reading child process: takes one request on standard input, answers in frames on standard output.

Started as `python -m ochp_desktop.spreadsheet.child`, or by the packaged program with `CHILD_FLAG`. A hostile file can
make a parser crash, hang or eat memory: here that ends one process with nothing in it but the file.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ochp_desktop import texts
from ochp_desktop.errors import OchpError
from ochp_desktop.spreadsheet.frames import Frame, write_frame
from ochp_desktop.spreadsheet.recognise import FileKind, damaged, recognise
from ochp_desktop.texts import _

CHILD_FLAG = "--read-spreadsheet"
# The exit code that says so.
OUT_OF_MEMORY = 3

_SUFFIXES = {
    FileKind.XLSX: {".xlsx", ".xlsm", ".xltx", ".xltm"},
    FileKind.XLSB: {".xlsb"},
    FileKind.XLS: {".xls", ".xlt"},
    FileKind.ODS: {".ods", ".ots"},
    FileKind.CSV: {".csv", ".tsv", ".tab", ".txt"},
    FileKind.HTML: {".html", ".htm"},
    FileKind.OLD_XML: {".xml"},
}


def main() -> int:
    """Answer the one request; the exit code is 0 when the answer is complete, be it an error."""
    # By number: a packaged program without a console has no sys.stdin.
    with os.fdopen(os.dup(0), "rb") as requests:
        request = json.loads(requests.readline())
    # Whatever a library prints must not get between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    gc.disable()  # this process makes millions of lists, no cycles, and ends
    limit(memory=request["memory"], cpu=request["cpu"])
    texts.use_language(request["language"])
    path = Path(request["path"])
    try:
        for frame in table_frames(path, request["sheet"], request["form"]):
            write_frame(answers, frame)
            answers.flush()
    except OchpError as error:
        write_frame(answers, Frame("E", [error.title, error.text, error.detail]))
    except MemoryError:
        return OUT_OF_MEMORY  # the parent says what that means, as it does when the process is killed for it
    except BrokenPipeError:
        return 1  # nobody listens any more
    # A panic of the Rust reader is no Exception; our own bugs on odd files must not look like crashes of the program.
    except BaseException as failure:  # noqa: BLE001
        broken = damaged(path, f"{type(failure).__name__}: {failure}"[:500])
        write_frame(answers, Frame("E", [broken.title, broken.text, broken.detail]))
    answers.close()
    return 0


def limit(*, memory: int, cpu: int) -> None:
    """Let this process have so many bytes of memory and seconds of processor time, where the system can do that.

    Windows has no such limits for a single process short of a job object; there the parent's deadline, the checks on
    the zip directory and on the sheet's area have to do.
    """
    if sys.platform != "win32":
        import resource

        for what, amount in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_CORE, 0)):
            hard = resource.getrlimit(what)[1]
            wanted = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
            try:
                resource.setrlimit(what, (wanted, hard))
            except (ValueError, OSError):  # macOS knows RLIMIT_AS but does not take it
                continue


def table_frames(path: Path, sheet: str | None, form: list[str] | None) -> Iterator[Frame]:
    """The frames of the table in the file, whatever kind of file it is.

    Raises:
        FileError: there is no readable table in it.
    """
    kind = recognise(path)
    # Each reader is imported where it is wanted: people wait for the others' imports as long as for 10,000 rows.
    if kind is FileKind.CSV:
        from ochp_desktop.spreadsheet.csvfile import CsvForm, read_csv

        frames = read_csv(path, CsvForm(*form) if form else None)
    elif kind is FileKind.HTML:
        from ochp_desktop.spreadsheet.webpage import read_web_page

        frames = read_web_page(path, sheet)
    elif kind is FileKind.OLD_XML:
        from ochp_desktop.spreadsheet.oldxml import read_old_xml

        frames = read_old_xml(path, sheet)
    else:
        from ochp_desktop.spreadsheet.workbook import read_workbook

        frames = read_workbook(path, kind, sheet)
    for frame in frames:
        if frame.kind == "Z" and path.suffix.lower() not in _SUFFIXES[kind]:
            notices: list[Any] = frame.content["notices"]
            what = _("{name} is really a file of the kind .{kind}; it was read as that.")
            if kind is FileKind.HTML:
                what = _("{name} is really a web page, whatever its name says; the table in it was read.")
            elif kind is FileKind.OLD_XML:
                what = _("{name} is really an Excel file of the old XML kind; it was read as that.")
            notices.insert(0, what.format(name=path.name, kind=kind.value))
        yield frame


if __name__ == "__main__":
    raise SystemExit(main())
