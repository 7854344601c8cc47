"""Writing a file so that a failure leaves the old one whole: written beside it, then renamed over it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from ochp_desktop.errors import FileError
from ochp_desktop.texts import _

_LONGEST_NAME = 80
# What systems say of a file that another program keeps to itself.
_LOCKED = {errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY}


@contextlib.contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """Give a new file's path beside `path`; it takes that place when the block ends well, else it vanishes.

    Raises:
        FileError: no permission, the folder is gone, the disk is full, or another program keeps the old file open;
            the sentence names the file and says what to do.
    """
    target = Path(os.path.realpath(path))  # a link stays a link, its target is replaced
    beside = target.with_name(f".{target.name[:50]}.{secrets.token_hex(4)}.tmp")
    try:
        if target.is_dir():
            raise folder_error(target)
        if target.exists():
            _refuse_locked(target)
        try:
            with beside.open("xb"):
                pass
        except PermissionError as failure:
            raise _no_folder_for_us(target, failure) from failure
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        if target.exists():
            with contextlib.suppress(OSError):  # not every file system keeps modes
                beside.chmod(target.stat().st_mode & 0o777)
        try:
            beside.replace(target)
        except OSError as failure:
            raise (_locked(target, failure) if failure.errno in _LOCKED else failure) from failure
    except OSError as failure:
        raise write_error(target, failure) from failure
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def folder_error(path: Path) -> FileError:
    """The error for a folder where a file is wanted."""
    return FileError(_("This is a folder"), _("{name} is a folder. Choose a file name in it.").format(name=path.name))


def write_error(path: Path, failure: OSError) -> FileError:
    """What to say about a file that could not be written."""
    if failure.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        title, text = _("The disk is full"), _("There is no room to write {name}. Make room, or choose another disk.")
    elif failure.errno in {errno.ENOENT, errno.ENOTDIR}:
        title, text = _("The folder is gone"), _("The folder for {name} does not exist any more. Choose another one.")
    elif failure.errno == errno.ENAMETOOLONG:
        title, text = _("The name is too long"), _("The disk takes no name as long as {name}. Choose a shorter name.")
    elif failure.errno == errno.EROFS:
        title = _("The file may not be written")
        text = _("{name} lies where nothing can be written, such as a CD or a locked share. Choose another folder.")
    elif isinstance(failure, PermissionError):
        title = _("The file may not be written")
        text = _(
            "{name} is open in another program, or you may not write in its folder. "
            "Close it there, or choose another name."
        )
    else:
        title, text = _("The file cannot be written"), _("{name} could not be written. Try another folder.")
    return FileError(title, text.format(name=_short(path.name)), detail=str(failure))


def _refuse_locked(target: Path) -> None:
    """Say at once what would fail at the end: Excel lets nobody write a file that it has open."""
    try:
        with target.open("rb+"):
            pass
    except OSError as failure:
        if failure.errno in _LOCKED:
            raise _locked(target, failure) from failure
        raise


def _locked(target: Path, failure: OSError) -> FileError:
    return FileError(
        _("The file may not be written"),
        _(
            "{name} is open in another program, such as Excel. Close it there and try again, or choose another name. "
            "If it is open nowhere, it is write-protected."
        ).format(name=_short(target.name)),
        detail=str(failure),
    )


def _no_folder_for_us(target: Path, failure: OSError) -> FileError:
    return FileError(
        _("The file may not be written"),
        _("You may not write in the folder {folder}. Choose another folder for {name}.").format(
            folder=target.parent.name or str(target.parent), name=_short(target.name)
        ),
        detail=str(failure),
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
