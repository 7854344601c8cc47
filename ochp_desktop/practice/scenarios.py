"""What can go wrong at a clearing house, as named scenarios of the practice house, to be tried and tested."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from ochp_desktop.errors import StoreError, UsageError
from ochp_desktop.practice.answers import Refused, ResultCode
from ochp_desktop.texts import N_, _

UPLOADS = ("AddCDRs", "SetRoamingAuthorisationList")
GARBAGE = b"<html><body><h1>502 Bad Gateway</h1><p>proxy: upstream sent too little<"
SERVER_ERROR = b"<html><body><h1>500 Internal Server Error</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A way in which the house misbehaves.

    Attributes:
        name: what `--scenario` calls it.
        title: the same for people, in a few words, marked for translation.
        text: what it does, marked for translation.
        argument: what may stand after the colon, marked for translation; empty when nothing may.
        default: the argument when none is given.
    """

    name: str
    title: str
    text: str
    argument: str = ""
    default: str = ""


_TIMES = N_("how many times")
_DEATH = 0.6  # how likely an upload is the one that the house dies in
_CHOSEN = 3  # which record is refused when none is named
_RECORDS = 400  # most records that are looked at before it dies while storing

SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "slow",
            N_("Every answer is slow"),
            N_("Every answer takes three seconds longer. Nothing is wrong: wait, or pause and go on later."),
            N_("seconds"),
            "3",
        ),
        Scenario(
            "drop-before-storing",
            N_("The connection breaks before anything is stored"),
            N_(
                "The first upload is read, then the connection breaks: nothing is stored and no answer comes. Its "
                "records are unconfirmed; settling sends them again and the house takes them."
            ),
            _TIMES,
            "1",
        ),
        Scenario(
            "store-then-drop",
            N_("The connection breaks after storing"),
            N_(
                "The first upload is stored, then the connection breaks: no answer comes. Its records are "
                "unconfirmed; settling asks again, and the house says that it has them."
            ),
            _TIMES,
            "1",
        ),
        Scenario(
            "store-then-garbage",
            N_("The answer cannot be read"),
            N_(
                "The first upload is stored, then the answer is half a web page of a proxy. Its records are "
                "unconfirmed; settling asks again, and the house says that it has them."
            ),
            _TIMES,
            "1",
        ),
        Scenario(
            "error-500",
            N_("The house reports an internal error"),
            N_(
                "The first upload is answered with an internal error as a web page; nothing is stored. Nobody can "
                "tell that from the page, so its records are unconfirmed until they are settled."
            ),
            _TIMES,
            "1",
        ),
        Scenario(
            "expire-token",
            N_("The sign-in expires in the middle"),
            N_(
                "All auth tokens expire once, in the middle: the second upload is the first to notice. The program "
                "signs in again by itself and goes on; there is nothing to do."
            ),
            N_("which upload notices"),
            "2",
        ),
        Scenario(
            "refuse-cdr",
            N_("One record is refused, but which is not said"),
            N_(
                "Every batch with one certain record is refused, without a word about which record it was: the third "
                "that comes, or the one that you name. Let the program find it by halves: the others are sent, that "
                "one is held back."
            ),
            N_("CDR id, or empty for the third record that comes"),
            "",
        ),
        Scenario(
            "free-text-duplicate",
            N_("Records sent twice are refused in other words"),
            N_(
                "CDRs that the house already has are refused with a general code and in other words than usual. "
                "Settling understands them, but has to ask about each record alone."
            ),
        ),
        Scenario(
            "full-disk",
            N_("The disk of the house is full"),
            N_(
                "The first upload finds the disk of the house full; nothing is stored. Its records are unconfirmed; "
                "settle them when the house has made room."
            ),
            _TIMES,
            "1",
        ),
        Scenario(
            "dies",
            N_("The house fails in the middle of an upload"),
            N_(
                "The house dies at a random point of one of the next uploads and comes back two seconds later. What "
                "it had not stored by then is lost; settle when it is back, and every record is there once."
            ),
            _TIMES,
            "1",
        ),
    )
}


class BrokenAnswer(Exception):
    """Instead of its answer the house sends this, or nothing at all.

    Attributes:
        status: the HTTP status line; empty: the connection is closed without an answer.
        body: what is sent as a web page.
    """

    def __init__(self, status: str = "", body: bytes = b"") -> None:
        super().__init__(status)
        self.status = status
        self.body = body


class HouseDies(BrokenAnswer):
    """The house ends here and now, as if its power were cut, and comes back later."""


class Play:
    """A scenario while it runs: the house asks it at each step, and it may raise instead of letting the step happen.

    Without a scenario it lets everything happen. May be asked from many threads.

    Args:
        text: "NAME" or "NAME:ARGUMENT"; None or empty for a house that behaves.
        stopped: set when the house stops, so that nobody is kept waiting.
        chance: for what happens at random.

    Raises:
        UsageError: there is no such scenario, or its argument is wrong or missing.
    """

    def __init__(
        self, text: str | None = None, stopped: threading.Event | None = None, chance: random.Random | None = None
    ) -> None:
        name, _colon, argument = (text or "").partition(":")
        self.name = name
        self._stopped = stopped or threading.Event()
        self._lock = threading.Lock()
        self._uploads = 0
        self._cdr = ""
        self._number = 0.0
        self._chance = chance or random.Random()  # noqa: S311 - a game, not a secret
        self._death = ""
        self._records_left = 0
        self._until_chosen = 0
        if not name:
            return
        scenario = SCENARIOS.get(name)
        if scenario is None:
            raise UsageError(
                _("No such scenario"),
                _("There is no scenario {name}. There are: {names}.").format(name=name, names=", ".join(SCENARIOS)),
            )
        if argument and not scenario.argument:
            raise UsageError(
                _("Scenario not understood"), _("The scenario {name} takes nothing after a colon.").format(name=name)
            )
        argument = argument or scenario.default
        if name == "refuse-cdr":
            self._cdr, self._until_chosen = argument, 0 if argument else _CHOSEN
        elif scenario.argument:
            self._number = float(argument) if argument.isascii() and argument.isdecimal() else 0.0
        if scenario.argument and name != "refuse-cdr" and not self._number:
            raise UsageError(
                _("Scenario not understood"),
                _("Write the scenario as {name}:ARGUMENT; the argument says: {argument}.").format(
                    name=name, argument=_(scenario.argument)
                ),
            )

    def _takes_turn(self, name: str, operation: str) -> bool:
        """Whether the scenario of that name plays now: for uploads only, and only so many times."""
        if self.name != name or operation not in UPLOADS:
            return False
        with self._lock:
            if self._number < 1:
                return False
            self._number -= 1
            return True

    def _choose_death(self, operation: str) -> None:
        """Choose where to die in this upload, or to let it pass."""
        if self.name != "dies" or operation not in UPLOADS or self._death:
            return
        with self._lock:
            if self._number >= 1 and self._chance.random() < _DEATH:
                self._death = self._chance.choice(("arrival", "before storing", "while storing", "after storing"))
                self._records_left = self._chance.randrange(_RECORDS)

    def _die(self, where: str) -> None:
        if self._death == where:
            with self._lock:
                self._death = ""
                self._number -= 1
            raise HouseDies

    def on_arrival(self, operation: str) -> bool:
        """A request has been read; True when all auth tokens are to expire before it is looked at."""
        if self.name == "slow":
            self._stopped.wait(self._number)
        self._choose_death(operation)
        self._die("arrival")
        if self.name == "expire-token" and operation in UPLOADS:
            with self._lock:
                self._uploads += 1
                return self._uploads == self._number
        return False

    def before_storing(self, operation: str) -> None:
        """The records of an upload are about to be stored.

        Raises:
            BrokenAnswer: nothing is to be stored, and this be answered.
            StoreError: as if the disk were full.
        """
        self._die("before storing")
        if self._takes_turn("drop-before-storing", operation):
            raise BrokenAnswer
        if self._takes_turn("error-500", operation):
            raise BrokenAnswer("500 Internal Server Error", SERVER_ERROR)
        if self._takes_turn("full-disk", operation):
            raise StoreError(
                _("The practice clearing house cannot store this"),
                _("The disk is full. Make room, then try again; nothing of this request was stored."),
            )

    def before_cdrs(self, cdr_ids: Iterable[str]) -> None:
        """CDRs of an upload are about to be stored.

        Raises:
            Refused: among them is the one that this house does not like.
            HouseDies: here and now.
        """
        if self._death == "while storing" or self._until_chosen or self._cdr:
            for cdr_id in cdr_ids:
                self._before_cdr(cdr_id)

    def _before_cdr(self, cdr_id: str) -> None:
        if self._death == "while storing":
            self._records_left -= 1
            if self._records_left < 0:
                self._die("while storing")
        if self._until_chosen:
            with self._lock:
                self._until_chosen -= 1
                if not self._until_chosen:
                    self._cdr = cdr_id
        if self._cdr and cdr_id == self._cdr:
            raise Refused(ResultCode.INVALID, "Error 1")

    def worded(self, refused: Refused) -> Refused:
        """The refusal in the words of this house."""
        known = (ResultCode.ALREADY_RECEIVED, ResultCode.PARTLY_RECEIVED)
        if self.name == "free-text-duplicate" and refused.code in known:
            return Refused(ResultCode.INVALID, "ORA-00001: unique constraint (ECHS.CDR_UK) violated")
        return refused

    def after_storing(self, operation: str) -> None:
        """The records of an upload are stored and the answer is about to go out.

        Raises:
            BrokenAnswer: this is to be answered instead.
        """
        self._die("while storing")  # there were fewer records than it wanted to see
        self._die("after storing")
        if self._takes_turn("store-then-drop", operation):
            raise BrokenAnswer
        if self._takes_turn("store-then-garbage", operation):
            raise BrokenAnswer("200 OK", GARBAGE)
