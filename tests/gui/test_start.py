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
