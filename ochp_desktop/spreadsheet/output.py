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


@contextlib.contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """Give a new file's path beside `path`; it takes that place when the block ends well, else it vanishes.

    Raises:
        FileError: no permission, the folder is gone, the disk is full, or another program keeps the old file open.
    """
    target = Path(os.path.realpath(path))  # a link stays a link, its target is replaced
    if target.is_dir():
        raise FileError(
            _("This is a folder"), _("{name} is a folder. Choose a file name in it.").format(name=target.name)
        )
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.tmp")
    try:
        with beside.open("xb"):
            pass
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        if target.exists():
            with contextlib.suppress(OSError):  # not every file system keeps modes
                beside.chmod(target.stat().st_mode & 0o777)
        beside.replace(target)
    except OSError as failure:
        raise write_error(target, failure) from failure
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def write_error(path: Path, failure: OSError) -> FileError:
    """What to say about a file that could not be written."""
    name = path.name
    if failure.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        title, text = _("The disk is full"), _("There is no room to write {name}. Make room, or choose another disk.")
    elif isinstance(failure, FileNotFoundError):
        title, text = _("The folder is gone"), _("The folder for {name} does not exist any more. Choose another one.")
    elif isinstance(failure, PermissionError):
        title = _("The file may not be written")
        text = _(
            "{name} is open in another program, or you may not write in its folder. "
            "Close it there, or choose another name."
        )
    else:
        title, text = _("The file cannot be written"), _("{name} could not be written. Try another folder.")
    return FileError(title, text.format(name=name), detail=str(failure))
