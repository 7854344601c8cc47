"""How long the window takes to be visible, warm, beside a bare Qt window in the same run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
TARGET = 1.0

OURS = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from ochp_desktop.app import make_application
from ochp_desktop.gui import theme
from ochp_desktop.gui.tabs import make_tabs
from ochp_desktop.gui.window import MainWindow
application = make_application()
window = MainWindow(Path(sys.argv[1]), make_tabs)
theme.apply(application, "system")
window.show()
window.grab()
assert not {"zeep", "openpyxl", "keyring"} & set(sys.modules)
QTimer.singleShot(0, application.quit)
sys.exit(application.exec())
"""

PEER = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.show()
window.grab()
QTimer.singleShot(0, application.quit)
sys.exit(application.exec())
"""


def seconds(code: str, folder: Path) -> float:
    """Wall time of a fresh process from its start to the first painted window and its end."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, capture_output=True)
    return time.perf_counter() - begun


def measure() -> list[dict[str, object]]:
    """Medians over alternating runs after one warm-up of each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds(OURS, folder)
        seconds(PEER, folder)
        pairs = [(seconds(OURS, folder), seconds(PEER, folder)) for _run in range(RUNS)]
    ours, peer = (statistics.median(column) for column in zip(*pairs, strict=True))
    return [
        {
            "name": "start until the window is painted, warm (s)",
            "ours": ours,
            "peer": peer,
            "ratio": ours / peer,
            "target": f"ours at most {TARGET:g} s; peer: an empty Qt window",
            "ok": ours <= TARGET,
        }
    ]
