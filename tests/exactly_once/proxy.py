"""A TCP proxy that does harm at an exact byte of an exact connection: cuts it, holds it, or calls a killer."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

PIECE = 65536


@dataclass
class Harm:
    """What is to happen, once.

    Attributes:
        connection: the number of the connection, from 0, since the harm was armed.
        upwards: whether bytes to the house are counted, else those to the client.
        at: after so many bytes.
        do: called there, or None to cut the connection.
        hold: after `do`, keep the bytes that follow until the client hangs up.
        reset: cut with a reset instead of a plain end.
        done: whether it happened.
        over: whether it is too late for it.
    """

    connection: int
    upwards: bool
    at: int
    do: Callable[[], None] | None = None
    hold: bool = False
    reset: bool = False
    done: bool = False
    over: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def end(self) -> None:
        """Let it not happen any more."""
        with self.lock:
            self.over = True

    def happen(self) -> bool:
        """Do it, unless it is too late."""
        with self.lock:
            if self.over:
                return False
            self.done = self.over = True
            if self.do is not None:
                self.do()
            return True


class Proxy:
    """Forwards to the house's port; one harm at a time may be armed."""

    def __init__(self, port: int) -> None:
        self.target = port
        self._harm: Harm | None = None
        self._count = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, harm: Harm | None) -> None:
        """From the next connection on, do this harm; None for none."""
        with self._lock:
            self._harm, self._count = harm, 0

    def close(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                with self._lock:
                    harm = self._harm if self._harm is not None and self._harm.connection == self._count else None
                    self._count += 1
                threading.Thread(target=self._serve, args=(client, harm), daemon=True).start()

    def _serve(self, client: socket.socket, harm: Harm | None) -> None:
        try:
            house = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            client.close()
            return
        house.settimeout(None)
        up = harm if harm is not None and harm.upwards else None
        down = harm if harm is not None and not harm.upwards else None
        back = threading.Thread(target=self._pump, args=(house, client, down), daemon=True)
        back.start()
        self._pump(client, house, up)
        back.join()
        client.close()
        house.close()

    def _pump(self, source: socket.socket, sink: socket.socket, harm: Harm | None) -> None:
        passed = 0
        try:
            while True:
                if harm is not None and not harm.over and passed >= harm.at:
                    if self._harmed(harm, source, sink):
                        return
                    continue
                wanted = PIECE if harm is None or passed >= harm.at else min(PIECE, harm.at - passed)
                data = source.recv(wanted)
                if not data:
                    break
                sink.sendall(data)
                passed += len(data)
        except OSError:
            pass
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _harmed(harm: Harm, source: socket.socket, sink: socket.socket) -> bool:
        """Do it; whether the connection is over."""
        if not harm.happen():
            return False
        if harm.hold:
            client = sink if not harm.upwards else source
            with contextlib.suppress(OSError):
                while client.recv(PIECE):  # nothing more comes: it ends when the client has had enough
                    pass
        if harm.do is not None and not harm.hold:
            return False
        if harm.reset:
            linger = struct.pack("ii", 1, 0)
            for one in (source, sink):
                with contextlib.suppress(OSError):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        return True
