"""One window per data folder: a second start of the program brings the first one's window to the front and ends."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE = 2_000  # milliseconds: a busy first window answers from its event loop
_LONGEST = 10_000


class SingleInstance(QObject):
    """Whether this is the first window over a data folder, and what later starts ask of it.

    Signals:
        asked: what a later start was told on its command line: {"practice": bool, "profile": str | None}.
    """

    asked = Signal(object)

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Resolved, so that one folder has one name; hashed, because names of sockets are short.
        told = f"{os.path.realpath(data_dir)}\0{os.environ.get('USERNAME') or os.environ.get('USER') or ''}"
        self.name = f"ochp-desktop-{hashlib.sha256(told.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}"
        self._sockets: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def claim(self, message: dict[str, object]) -> bool:
        """Become the first; False when there is one already, which then has got the message.

        A first one that does not answer counts as gone: its socket is taken over.
        """
        if self._pass_on(message):
            return False
        if self._server.listen(self.name):
            return True
        # Somebody was quicker in this very moment, or a socket was left behind by a program that was killed.
        if self._pass_on(message):
            return False
        QLocalServer.removeServer(self.name)
        self._server.listen(self.name)
        return True

    def release(self) -> None:
        """Let another start be the first."""
        self._server.close()
        for socket in self._sockets:
            socket.readyRead.disconnect(self._on_message)
            socket.disconnected.disconnect(self._on_message)
            socket.abort()
        self._sockets = []

    def _pass_on(self, message: dict[str, object]) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self.name)
        if not socket.waitForConnected(_PATIENCE):
            return False
        socket.write(json.dumps(message).encode() + b"\n")
        socket.waitForBytesWritten(_PATIENCE)
        # The answer says that it is alive; a connection alone is made by the system for a hanging program as well.
        answered = socket.waitForReadyRead(_PATIENCE)
        socket.disconnectFromServer()
        return bool(answered)

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            # Neither a closure over the socket nor Qt's `deleteLater` for it: one owner, this list.
            socket.setParent(None)
            self._sockets.append(socket)
            socket.readyRead.connect(self._on_message)
            socket.disconnected.connect(self._on_message)

    def _on_message(self) -> None:
        for socket in list(self._sockets):
            if socket.canReadLine():
                self._answer(socket)
            elif socket.bytesAvailable() > _LONGEST:
                socket.abort()
        gone = QLocalSocket.LocalSocketState.UnconnectedState
        self._sockets = [socket for socket in self._sockets if socket.state() is not gone]

    def _answer(self, socket: QLocalSocket) -> None:
        line = bytes(socket.readLine(_LONGEST).data())
        socket.write(b"ok\n")
        socket.flush()
        try:
            told = json.loads(line)
        except ValueError:
            return
        if isinstance(told, dict):
            self.asked.emit({"practice": told.get("practice") is True, "profile": told.get("profile")})
