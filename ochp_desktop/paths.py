"""Where the program's own files and the user's data are."""

from __future__ import annotations

import os
from importlib import util
from pathlib import Path

APP_NAME = "OCHP Desktop"


def resource(*parts: str) -> Path:
    """Path of a file that ships with the program, for example `resource("wsdl", "ochp-0.1.wsdl")`.

    Raises:
        FileNotFoundError: no such file ships with the program.
    """
    return _shipped("resources", *parts)


def document(*parts: str) -> Path:
    """Path of a page or picture of the handbook, for example `document("handbook.md")`.

    Raises:
        FileNotFoundError: no such file ships with the program.
    """
    return _shipped("docs", *parts)


def _shipped(folder: str, *parts: str) -> Path:
    """A wheel carries the folder inside the package, a source checkout beside it."""
    spec = util.find_spec("ochp_desktop")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    for root in (package / f"_{folder}", package.parent / folder):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError("/".join(parts))


def default_data_dir() -> Path:
    """The folder for the program's store; OCHP_DESKTOP_DATA overrides the system's usual place."""
    override = os.environ.get("OCHP_DESKTOP_DATA")
    if override:
        return Path(override)
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))
