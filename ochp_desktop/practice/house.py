"""The practice clearing house as a whole: books, counter and server, to be started inside a program or as a process."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import signal
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Self

from ochp_desktop.errors import FileError, UsageError
from ochp_desktop.paths import resource
from ochp_desktop.practice.ledger import Ledger
from ochp_desktop.practice.samples import sample_password, seed
from ochp_desktop.practice.scenarios import Play
from ochp_desktop.practice.schema import User
from ochp_desktop.practice.server import SERVICE_PATH, Application
from ochp_desktop.practice.soap import Counter
from ochp_desktop.practice.web_server import STOP_TIMEOUT, hang_up, make_server
from ochp_desktop.protocol.codec import Limits
from ochp_desktop.protocol.contract import Contract
from ochp_desktop.texts import _

BOOKS = "practice-house.sqlite3"
TOKEN_LIFETIME = 1800.0
DEAD_SECONDS = 2.0
"""How long a house stays away that a scenario lets die."""


class PracticeHouse:
    """A clearing house of one's own: partners, sample data, all six operations, nothing real.

    It is filled once, when its data folder is new, and goes on from there at every further start. An object
    is opened once: a house that was stopped is opened again by a new one over the same folder.

    Args:
        data_dir: folder for its books; made when it is not there.
        port: 0 takes any free port.
        host: where to listen; the default is reached from this computer only.
        scenario: "NAME" or "NAME:ARGUMENT" of a way to misbehave, or None.
        tls: files of certificate and key, or None for plain HTTP.
        token_lifetime: seconds without use after which auth tokens end.
        clock: seconds since 1970; tests have their own.
        limits: how much of a request is read.

    Raises:
        UsageError: there is no such scenario.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int = 0,
        host: str = "127.0.0.1",
        scenario: str | None = None,
        tls: tuple[Path, Path] | None = None,
        *,
        token_lifetime: float = TOKEN_LIFETIME,
        clock: Callable[[], float] = time.time,
        limits: Limits | None = None,
    ) -> None:
        self.data_dir = Path(data_dir)
        self._bind = (host, port)
        self._tls = tls
        self._token_lifetime = token_lifetime
        self._clock = clock
        self._limits = limits or Limits()
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._open = False
        self._reviving: threading.Thread | None = None
        self._application: Application | None = None
        self._play = Play(scenario, self._stopped)
        self._server: Any = None
        self._thread: threading.Thread | None = None
        self._counter: Counter | None = None
        self.base = ""

    @property
    def url(self) -> str:
        """Where the service is, once the house is open."""
        return self.base + SERVICE_PATH

    @property
    def wsdl_url(self) -> str:
        """Where the WSDL is."""
        return f"{self.url}?wsdl"

    @property
    def ledger(self) -> Ledger:
        """The books of the open house."""
        assert self._counter is not None, "the house is not open"
        return self._counter.ledger

    @property
    def users(self) -> list[User]:
        """Who may sign in: our own provider, its partners, the administrator."""
        return self.ledger.users()

    def announcement(self) -> dict[str, Any]:
        """Addresses and accounts, as the command `practice` prints them."""
        users = [
            {
                "role": user.role,
                "user": user.name,
                "password": sample_password(user),
                "provider_id": user.provider_id,
                "hub": user.hub,
                "prefixes": list(user.prefixes),
            }
            for user in self.users
        ]
        return {"url": self.url, "wsdl": self.wsdl_url, "users": users}

    def set_scenario(self, scenario: str | None) -> None:
        """Misbehave in another way from the next request on, or not at all.

        Raises:
            UsageError: there is no such scenario.
        """
        self._play = Play(scenario, self._stopped)
        if self._counter is not None:
            self._counter.play = self._play

    def expire_tokens(self) -> None:
        """End every auth token now."""
        self.ledger.expire_tokens()

    def start(self) -> str:
        """Open the house; returns its URL. Requests are answered from now on, in threads of its own.

        Raises:
            UsageError: the port cannot be used.
            FileError: certificate or key cannot be read.
            StoreError: its books cannot be opened.
            ContractError: the program's own WSDL is damaged.
        """
        contract = Contract.load(None)
        wsdl = resource("wsdl", "ochp-0.1.wsdl").read_bytes()
        ledger = Ledger(self.data_dir / BOOKS, self._token_lifetime)
        try:
            seed(ledger, datetime.fromtimestamp(self._clock(), UTC).date())
            self._counter = Counter(ledger, contract, self._play, self._limits)
            application = self._application = Application(self._counter, wsdl, self._clock, self._die)
            self._server = self._listen(application)
        except BaseException:
            ledger.close()
            raise
        host, port = self._server.bind_addr[:2]
        shown = f"[{host}]" if ":" in host else host
        self.base = application.address = f"{'https' if self._tls else 'http'}://{shown}:{port}"
        self._bind = (host, port)
        self._open = True
        self._serve()
        return self.url

    def _serve(self) -> None:
        self._thread = threading.Thread(target=self._server.serve, name="practice-house", daemon=True)
        self._thread.start()

    def _die(self) -> None:
        """Vanish from the network and come back later; what was stored stays, as after a power cut."""
        with self._lock:
            server, self._server = self._server, None
            if server is not None:
                self._reviving = threading.Thread(target=self._come_back, args=(server,), daemon=True)
                self._reviving.start()

    def _come_back(self, dead: Any) -> None:
        thread = self._thread
        dead.stop()
        if thread is not None:
            thread.join(5)
        hang_up(dead)
        # Somebody may hold the port for a moment, so it is tried until it is free again.
        while not self._stopped.wait(DEAD_SECONDS):
            with self._lock, contextlib.suppress(UsageError):
                if not self._stopped.is_set() and self._application is not None:
                    self._server = self._listen(self._application)
                    self._serve()
                return

    def _listen(self, application: Application) -> Any:
        try:
            server = make_server(self._bind, application, self._tls)
        except (OSError, ssl.SSLError) as error:
            raise FileError(
                _("Certificate or key cannot be used"),
                _("Both must be readable PEM files that belong together: {cert}, {key}.").format(
                    cert=self._tls[0] if self._tls else "", key=self._tls[1] if self._tls else ""
                ),
                str(error),
            ) from error
        try:
            server.prepare()
        except OSError as error:
            raise UsageError(
                _("The practice clearing house cannot start"),
                _("Port {port} of {host} cannot be used; another program may have it. Choose another one.").format(
                    port=self._bind[1], host=self._bind[0]
                ),
                str(error),
            ) from error
        return server

    def stop(self) -> None:
        """Close the house: running requests get a second to end. A second call does nothing."""
        self._stopped.set()
        with self._lock:
            server, self._server = self._server, None
            was_open, self._open = self._open, False
            reviving = self._reviving
        if not was_open:
            return
        # cheroot waits for running requests as long as they take: after their second they are ended here.
        patience = threading.Timer(STOP_TIMEOUT, self.ledger.give_up)
        patience.start()
        if reviving is not None:
            reviving.join(5)
        if server is not None:
            server.stop()
        patience.cancel()
        if self._thread is not None:
            self._thread.join(5)
        self.ledger.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()


def serve(
    data_dir: Path,
    port: int = 0,
    host: str = "127.0.0.1",
    scenario: str | None = None,
    tls: tuple[Path, Path] | None = None,
    *,
    token_lifetime: float = TOKEN_LIFETIME,
    until_stdin_closes: bool = False,
) -> int:
    """Run a house as a process of its own until it is asked to end; returns the exit code 0.

    Prints one JSON line (`PracticeHouse.announcement`) when it is ready. SIGTERM, SIGINT (Ctrl+C) and, where
    wanted, the end of standard input end it: a parent that dies takes its house with it. Until then the parent may
    change the scenario there, see `_obey_input`.

    Raises:
        UsageError, FileError, StoreError: it cannot start; see `PracticeHouse.start`.
    """
    wanted = threading.Event()
    house = PracticeHouse(data_dir, port, host, scenario, tls, token_lifetime=token_lifetime)
    with _signals(wanted), house:
        # Records come by the ten thousand and hold no cycles: looking for some every 700 objects is time lost.
        gc.freeze()
        gc.set_threshold(100_000, 20, 20)
        sys.stdout.write(json.dumps(house.announcement(), ensure_ascii=True) + "\n")
        sys.stdout.flush()
        if until_stdin_closes:
            threading.Thread(target=_obey_input, args=(house, wanted), daemon=True).start()
        while not wanted.wait(1.0):  # a wait without end would keep Ctrl+C from Windows
            pass
    return 0


def _obey_input(house: PracticeHouse, wanted: threading.Event) -> None:
    """Do what the parent process writes, one JSON object per line, until its end closes.

    {"scenario": "NAME"} changes the scenario, {"scenario": ""} ends it; the answer is a line with the same object, or
    {"error": "…"}. A pipe between two processes needs neither a port nor a secret: nobody else can write to it.
    """
    # Not `sys.stdin`: whoever waits in its buffer holds a lock that the interpreter wants when a signal ends it.
    with contextlib.suppress(OSError, ValueError), io.FileIO(sys.stdin.fileno(), closefd=False) as wishes:
        while line := wishes.readline(4096):
            sys.stdout.write(json.dumps(_obeyed(house, line)) + "\n")
            sys.stdout.flush()
    wanted.set()


def _obeyed(house: PracticeHouse, line: bytes) -> dict[str, str]:
    try:
        wish = json.loads(line)
        scenario = str(wish["scenario"])
        house.set_scenario(scenario)
    except UsageError as error:
        return {"error": error.text}
    except (ValueError, KeyError, TypeError):
        return {"error": "not understood"}
    return {"scenario": scenario}


@contextlib.contextmanager
def _signals(wanted: threading.Event) -> Iterator[None]:
    """Turn SIGTERM and SIGINT into the event; handlers can be set in the main thread only."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        wanted.set()

    numbers = [signal.SIGINT, signal.SIGTERM]
    if threading.current_thread() is not threading.main_thread():
        numbers = []
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
