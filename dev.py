#!/usr/bin/env python3
"""The project's own commands: set-up, run, test, check, bench; needs nothing but Python 3.11 or newer.

python3 dev.py run      set up, then start the program at the practice clearing house
python3 dev.py test     set up, then run the whole test suite, offscreen
python3 dev.py check    set up, then ruff, mypy, import-linter, translations
python3 dev.py bench    set up, then the benchmarks; a table and a JSON file
python3 dev.py texts    set up, then renew the translation catalogues from the source
python3 dev.py setup    only the set-up
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

TOP = Path(__file__).resolve().parent
VENV = TOP / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = TOP / "requirements.lock"
STAMP = VENV / "locked"
OUT = TOP / "out"

# Shared libraries that Qt loads, and the Debian packages that bring them.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
WAYLAND_LIBRARIES = {
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def say(text: str) -> None:
    """One line of what is going on, on standard error, at once."""
    print(f"dev: {text}", file=sys.stderr, flush=True)


def has_display() -> bool:
    """Whether a window can be shown here: a display is named and it answers."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("WAYLAND_DISPLAY"):
        return True
    if not os.environ.get("DISPLAY"):
        return False
    xcb = ctypes.CDLL("libxcb.so.1")  # there after the set-up: the libraries named above need it
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return answers


def is_debian_root() -> bool:
    """Whether missing system packages may be installed here without asking."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def loads(soname: str) -> bool:
    """Whether the dynamic loader finds the shared library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing_system_packages() -> list[str]:
    """Debian names of the system packages that the program needs and this computer lacks."""
    if sys.platform != "linux":
        return []
    wanted = dict(QT_LIBRARIES)
    if os.environ.get("DISPLAY"):
        wanted |= X11_LIBRARIES
    if os.environ.get("WAYLAND_DISPLAY"):
        wanted |= WAYLAND_LIBRARIES
    packages = [package for soname, package in wanted.items() if not loads(soname)]
    fonts = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    if not any(next(folder.rglob("*.[to]tf"), None) for folder in fonts if folder.is_dir()):
        packages.append("fonts-dejavu-core")
    try:
        import ensurepip  # noqa: F401 - Debian splits it off into a package of its own
    except ImportError:
        packages.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    return packages


def apt_get(*arguments: str, check: bool) -> None:
    """Run apt-get quietly, waiting while another one is at work; its errors are shown."""
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=check, env=environment, stdout=subprocess.DEVNULL)


def provide_system_packages() -> None:
    """Install the missing system packages where that is allowed, else name them and stop."""
    packages = missing_system_packages()
    if not packages:
        return
    names = " ".join(packages)
    if not is_debian_root():
        say(f"system libraries are missing; install these (Debian names), then try again: {names}")
        raise SystemExit(2)
    say(f"installing system packages: {names}")
    apt_get("update", check=False)  # one broken source of many is no reason to give up
    apt_get("install", "-y", "--no-install-recommends", *packages, check=True)


def set_up() -> None:
    """Make .venv hold exactly the locked dependencies and the program itself; quick when it already does."""
    provide_system_packages()
    this_python = f"{sys.implementation.cache_tag} {sys.base_prefix}"  # apt may have renewed its build just now
    wanted = hashlib.sha256(
        LOCK.read_bytes() + (TOP / "pyproject.toml").read_bytes() + this_python.encode()
    ).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    say("setting up .venv with the locked dependencies; the first time takes a few minutes")
    venv.EnvBuilder(with_pip=True, clear=True).create(VENV)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--require-hashes", "--no-deps", "-r", str(LOCK)], check=True, cwd=TOP)
    subprocess.run([*pip, "install", "--no-deps", "--no-build-isolation", "-e", str(TOP)], check=True, cwd=TOP)
    STAMP.write_text(wanted)
    say("ready")


def offscreen() -> dict[str, str]:
    """The environment for running Qt without a screen."""
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}


def call(*command: str | Path, env: dict[str, str] | None = None) -> int:
    """Run a command in the top folder; its exit code."""
    return subprocess.run([str(part) for part in command], cwd=TOP, env=env, check=False).returncode


def run(rest: Sequence[str]) -> int:
    """Start the program at the practice house; without a display, do the main job and leave screenshots."""
    if has_display():
        return call(PYTHON, "-m", "ochp_desktop", "--practice", *rest)
    say("no display here: doing the main job without a window")
    return call(PYTHON, TOP / "packaging" / "tour.py", "--out", OUT / "tour", *rest, env=offscreen())


def test(rest: Sequence[str]) -> int:
    """The whole test suite, offscreen, on all cores."""
    workers = [] if "-n" in rest else ["-n", str(min(os.cpu_count() or 1, 4))]
    return call(PYTHON, "-m", "pytest", *workers, *rest, env=offscreen())


def check(_rest: Sequence[str]) -> int:
    """Lint, format, types, import rules and translations; all of them run, even when one fails."""
    steps = (
        ("ruff", [BIN / "ruff", "check", "."]),
        ("format", [BIN / "ruff", "format", "--check", "."]),
        ("types", [PYTHON, "-m", "mypy"]),
        ("rooms", [BIN / "lint-imports"]),
        ("translations", [PYTHON, TOP / "packaging" / "texts.py", "--check"]),
    )
    failed = [name for name, command in steps if call(*command) != 0]
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def bench(rest: Sequence[str]) -> int:
    """The benchmarks side by side with their peers."""
    return call(PYTHON, "-m", "tests.benchmarks", "--out", OUT / "bench.json", *rest, env=offscreen())


def texts(_rest: Sequence[str]) -> int:
    """Renew the translation catalogues."""
    return call(PYTHON, TOP / "packaging" / "texts.py")


def main() -> int:
    """Parse the command, set up, do it."""
    if sys.version_info < (3, 11):
        say(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
        return 2
    commands = {"run": run, "test": test, "check": check, "bench": bench, "texts": texts, "setup": lambda _rest: 0}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=commands)
    arguments, rest = parser.parse_known_args()
    try:
        set_up()
    except subprocess.CalledProcessError as failure:
        say(f"set-up failed: {Path(str(failure.cmd[0])).name} ended with {failure.returncode}; see its lines above")
        return 2
    return commands[arguments.command](rest)


if __name__ == "__main__":
    raise SystemExit(main())
