"""The window is there at once: nothing heavy is loaded for it."""

import subprocess
import sys
from pathlib import Path

HEAVY = (
    "zeep",
    "requests",
    "openpyxl",
    "python_calamine",
    "xlsxwriter",
    "keyring",
    "reportlab",
    "cheroot",
    "pypdfium2",
)


def test_the_window_is_shown_without_loading_what_only_work_needs(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from ochp_desktop import app
from ochp_desktop.gui.tabs import make_tabs
from ochp_desktop.gui.window import MainWindow
application = app.make_application()
window = MainWindow(Path({str(tmp_path)!r}), make_tabs)
window.show()
application.processEvents()
print(sorted(set({HEAVY!r}) & {{name.split(".")[0] for name in sys.modules}}))
window.close()
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "[]"


def test_the_program_starts_follows_a_practice_run_and_ends_in_order(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ochp_desktop import app

def look():
    window = next(one for one in QApplication.topLevelWidgets() if hasattr(one, "session"))
    if window.session.practising and window.tabs[0].area.checker is not None:
        print(window.windowTitle(), window.tabs[0].count())
        window.close()
    else:
        QTimer.singleShot(20, look)

app.make_application()
QTimer.singleShot(20, look)
raise SystemExit(app.run_window(Path({str(tmp_path)!r}), practice=True, profile=None))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "Practice clearing house — OCHP Desktop 5,000"
