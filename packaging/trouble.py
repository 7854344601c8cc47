"""Everything that can go wrong with an upload, driven through the real window, with a picture of every state.

python packaging/trouble.py [--out DIR] [--theme light|dark|both] [--language CODE] [--handbook]

Each fault of the practice house is met as someone in the back office meets it, who reads what the window says and
presses the button that it offers, until every record's fate is known. The pictures of the handbook's chapter "When
something goes wrong" are made with it. It fails when a fault cannot be got through that way.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from desk import PATIENCE, Desk, NotGotThrough, take_pictures
from PySide6.QtWidgets import QApplication

from ochp_desktop.gui import theme
from ochp_desktop.gui.scenario_dialog import ScenarioDialog
from ochp_desktop.gui.session import SignIn
from ochp_desktop.gui.tabs import make_tabs
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.upload_cdrs import StateKind
from ochp_desktop.practice import samples
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.texts import _

SIZE = (1040, 440)
RECORDS = 6
CARDS = samples.tokens(samples.LADENETZ, 20, date(2031, 1, 31))
BEGAN = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=6)
HANDBOOK = (
    "not-sent",
    "held-back",
    "sending",
    "paused",
    "confirmed",
    "unconfirmed",
    "settling",
    "settled",
    "refused",
    "culprit-question",
    "culprit-found",
    "unread",
    "unread-by-halves",
    "dies-after",
    "faults",
)
"""Pictures that are kept in docs/images, as trouble-NAME-THEME.png."""


class Trouble(Desk):
    """Someone at the CDR tab, with a small file."""

    def begin(self) -> None:
        """Signed in at the practice house."""
        self.wait("the first screen", self.window.first_start.isVisible)
        self.click(self.window.first_start.practice_button)
        self.wait("signed in", lambda: self.window.session.state is SignIn.SIGNED_IN)
        self.wait("the sample list is checked", lambda: self.tokens.area.checker is not None and self.idle())
        self.show(self.cdrs)

    def open(self, folder: Path, *, bad: bool = False) -> None:
        """A file with six records, of which one is wrong where wanted."""
        starts = [BEGAN + timedelta(minutes=9 * number) for number in range(RECORDS)]
        rows = [list(row) for row in samples.cdrs(samples.OWN, samples.LADENETZ, CARDS, starts, "T-")]
        if bad:
            rows[3][CDRS.index("volume")] = "many"
        path = folder / "march.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([CDRS.names, *rows])
        self.cdrs.open_files([path])
        self.wait("the file is checked", lambda: self.cdrs.area.checker is not None and self.idle() and self._is_open())
        self.cdrs.notice.clear()

    def _is_open(self) -> bool:
        return self.cdrs.area.sheet is not None and len(self.cdrs.area.sheet) == RECORDS

    def play(self, scenario: str) -> None:
        """Choose a fault in the menu's window."""
        self.window.scenario_action.trigger()
        dialog = self.dialog()
        assert isinstance(dialog, ScenarioDialog)
        name, _colon, argument = scenario.partition(":")
        dialog.buttons[name].setChecked(True)
        if argument:
            dialog.argument_edits[name].setText(argument)
        self.picture("faults", dialog)
        self.click(dialog.play_button)
        self.wait("the fault plays", lambda: not dialog.isVisible() and self.idle())

    def upload(self) -> None:
        """Say yes to the upload; it runs from now on."""
        self.click(self.cdrs.main_button)
        self.click(self.dialog().yes_button)

    def press(self, *words: str) -> None:
        """The button with one of these words in what the window says."""
        found = [button for button in self.cdrs.notice.buttons if any(word in button.text() for word in words)]
        if not found:
            raise NotGotThrough(f"no button “{' or '.join(words)}” beside: {self.said()}")
        self.click(found[0])

    def settle_until_known(self) -> None:
        """Press the settle button that is offered, as often as it is, until nothing is unconfirmed."""
        end = time.monotonic() + PATIENCE
        while self.count(StateKind.UNCONFIRMED):
            if time.monotonic() > end:
                break
            self.press("Settle", "Try again")
            self.wait("settled", self.idle)
        else:
            return
        raise NotGotThrough(f"never settled; the program says: {self.said()}")

    def count(self, kind: StateKind) -> int:
        """How many records show a state."""
        return len(self.cdrs.rows_in(kind))

    def confirmed_all(self, scenario: str) -> None:
        """Every record is at the house, and known to be."""
        if self.count(StateKind.CONFIRMED) != RECORDS:
            raise NotGotThrough(
                f"{scenario}: {self.count(StateKind.CONFIRMED)} confirmed; the program says: {self.said()}"
            )


def states(someone: Trouble, folder: Path) -> None:
    """Not sent, held back, sending, paused, confirmed."""
    someone.open(folder)
    someone.picture("not-sent")
    someone.open(folder, bad=True)
    someone.picture("held-back")
    someone.play("slow")
    session = someone.window.session
    assert session.workplace is not None
    connection = session.workplace.connected()
    # So that there is something between two requests, also when the first verdict has come.
    session.profile = connection.profile = replace(connection.profile, batch_size=1)
    someone.upload()
    someone.wait("it is sending", lambda: _strip(someone) is not None and someone.count(StateKind.CONFIRMED))
    someone.picture("sending")
    strip = _strip(someone)
    assert strip is not None
    strip.pause_button.click()
    someone.wait("it rests", lambda: _("Paused; nothing is on its way") in strip.text_label.text())
    someone.picture("paused")
    strip.pause_button.click()
    someone.wait("uploaded", someone.idle)
    someone.picture("confirmed")


def _strip(someone: Trouble) -> object:
    return next((one for one in someone.window.strips.strips() if one.pause_button.isVisible()), None)


def unanswered(scenario: str, *, first: bool = False) -> Callable[[Trouble, Path], None]:
    """A fault after which the records are unconfirmed, and one click settles them."""

    def play(someone: Trouble, folder: Path) -> None:
        someone.open(folder)
        someone.play(scenario)
        someone.upload()
        someone.wait("the upload has ended", lambda: someone.idle() and not someone.count(StateKind.SENDING))
        if someone.count(StateKind.UNCONFIRMED) != RECORDS and scenario != "dies":
            raise NotGotThrough(f"{scenario}: not unconfirmed; the program says: {someone.said()}")
        someone.picture("unconfirmed" if first else f"{scenario}-after")
        if first:
            someone.play("slow")
            someone.press("Settle")
            someone.wait("it is settling", someone.window.strips.strips)
            someone.picture("settling")
            someone.wait("settled", someone.idle)
        someone.settle_until_known()
        if someone.count(StateKind.CONFIRMED) != RECORDS:  # it never reached the house, and says so
            someone.upload()
            someone.wait("uploaded", someone.idle)
            someone.settle_until_known()
        someone.picture("settled" if first else f"{scenario}-settled")
        someone.confirmed_all(scenario)

    return play


def unnoticed(someone: Trouble, folder: Path) -> None:
    """A sign-in that expires, and goes on by itself."""
    someone.open(folder)
    someone.play("expire-token")
    someone.upload()
    someone.wait("uploaded", someone.idle)
    someone.picture("expire-token-after")
    someone.confirmed_all("expire-token")


def culprit(someone: Trouble, folder: Path) -> None:
    """A record that the house refuses without naming it."""
    someone.open(folder)
    someone.play("refuse-cdr")
    someone.upload()
    someone.wait("refused", someone.idle)
    someone.picture("refused")
    someone.press("Find")
    box = someone.dialog()
    someone.picture("culprit-question", box)
    someone.click(box.yes_button)
    someone.wait("found", lambda: someone.idle() and someone.count(StateKind.CONFIRMED) == RECORDS - 1)
    someone.picture("culprit-found")


def other_words(someone: Trouble, folder: Path) -> None:
    """A house that says in its own words that it has the records: each is asked about alone."""
    someone.open(folder)
    someone.play("store-then-drop")
    someone.upload()
    someone.wait("unconfirmed", lambda: someone.idle() and someone.count(StateKind.UNCONFIRMED))
    someone.play("free-text-duplicate")
    someone.settle_until_known()
    someone.picture("free-text-duplicate-settled")
    someone.confirmed_all("free-text-duplicate")


def unread(someone: Trouble, folder: Path) -> None:
    """An answer that tells neither: halves, or the telephone."""
    someone.open(folder)
    someone.play("drop-before-storing")
    someone.upload()
    someone.wait("unconfirmed", lambda: someone.idle() and someone.count(StateKind.UNCONFIRMED))
    someone.play("refuse-cdr")
    someone.press("Settle")
    someone.wait("asked", someone.idle)
    someone.picture("unread")
    someone.press("halves")
    someone.wait("asked by halves", someone.idle)
    someone.picture("unread-by-halves")
    if someone.count(StateKind.CONFIRMED) != RECORDS - 1:
        found = someone.count(StateKind.CONFIRMED)
        raise NotGotThrough(f"halves: {found} confirmed; the program says: {someone.said()}")


STORIES: Sequence[Callable[[Trouble, Path], None]] = (
    states,
    unanswered("store-then-drop", first=True),
    unanswered("drop-before-storing"),
    unanswered("store-then-garbage"),
    unanswered("error-500"),
    unanswered("full-disk"),
    unanswered("dies"),
    unnoticed,
    culprit,
    other_words,
    unread,
)


@contextmanager
def at_the_desk(out: Path) -> Iterator[tuple[Trouble, Path]]:
    """Someone at a window with data of its own."""
    with tempfile.TemporaryDirectory(prefix="ochp-trouble-", ignore_cleanup_errors=True) as folder:
        window = MainWindow(Path(folder) / "data", make_tabs)
        window.resize(*SIZE)
        window.show()
        someone = Trouble(window, out)
        try:
            window.session.open()
            someone.begin()
            yield someone, Path(folder)
        finally:
            window._closing = True  # noqa: SLF001 - nobody is there to be asked
            window.close()
            someone.wait("the window is closed", lambda: not window.isVisible())


def take(mode: theme.Mode, out: Path) -> int:
    """All stories in one look; how many pictures were taken."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, mode)
    count = 0
    for story in STORIES:
        with at_the_desk(out) as (someone, folder):
            story(someone, folder)
            count += len(someone.pictures)
            print(f"  {someone.pictures[-1].stem}: {someone.said()}")
    return count


if __name__ == "__main__":
    sys.exit(take_pictures(__doc__, "when something goes wrong", "out/trouble", take, HANDBOOK, "trouble-"))
