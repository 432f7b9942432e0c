"""The clip that is selected in Live, through StemDesk's remote script in it."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stemdesk.errors import UserError
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json
from stemdesk_plugins.receipts import load_receipt
from stemdesk_plugins.separation import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk_plugins.separation import SeparatedStem

CONNECTION_NAME = "connection.json"
ANSWER_SECONDS = 60.0
_REMEDY = (
    "start Live, and choose StemDesk as a control surface in Settings > Link, Tempo & MIDI "
    "(`stemdesk plugins install ableton` puts it there)"
)


def selected(connection: Path | None = None) -> LiveSelection:
    """What is selected in the Live that runs.

    Args:
        connection: the file with port and token; None is where the script was installed.

    Raises:
        UserError: Live or the script does not run, or no audio clip is selected.
    """
    return LiveSelection(connection if connection is not None else connection_file())


def connection_file() -> Path:
    """The file of the running script.

    Raises:
        UserError: The script is not installed, or does not run.
    """
    receipt = load_receipt("ableton")
    for path in receipt.files if receipt else {}:
        found = Path(path).with_name(CONNECTION_NAME)
        if found.is_file():
            return found
    raise UserError("StemDesk's remote script does not run in Live", _REMEDY)


class LiveSelection:
    """See :class:`stemdesk_plugins.driving.Selection`."""

    def __init__(self, connection: Path) -> None:
        try:
            told = read_json(file_bytes(connection))
            self._token: str = told["token"]
            self._link = socket.create_connection(("127.0.0.1", told["port"]), ANSWER_SECONDS)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError("StemDesk's remote script does not answer", _REMEDY) from error
        self._lines = self._link.makefile("rb")
        self._calls = 0
        try:
            self._clip = self._call("selection")
        except BaseException:
            self.close()
            raise

    def passage(self, output: Path, model: str) -> Passage:
        """What the clip plays of its file."""
        return Passage(
            Path(self._clip["file"]),
            output,
            self._clip["start_seconds"],
            self._clip["duration_seconds"],
            model,
        )

    def put_back(self, stems: Sequence[SeparatedStem]) -> None:
        """Clips of the stems on new tracks below, at the clip's place."""
        if self._call("selection") != self._clip:
            raise UserError(
                "Another clip has been selected in Live meanwhile",
                f"the stems are in {stems[0].path.parent}",
            )
        told = [
            {"name": stem.name, "file": str(stem.path.absolute()), "colour": stem.colour}
            for stem in stems
        ]
        self._call("put_back", stems=told)

    def close(self) -> None:
        """See :class:`stemdesk_plugins.driving.Selection`."""
        self._lines.close()
        self._link.close()

    def _call(self, method: str, **parameters: Any) -> Any:
        self._calls += 1
        request = {
            "jsonrpc": "2.0",
            "id": self._calls,
            "token": self._token,
            "method": method,
            "params": parameters,
        }
        try:
            self._link.sendall(json.dumps(request).encode("ascii") + b"\n")
            line = self._lines.readline()
        except OSError as error:
            raise UserError("Live does not answer", "close its dialogs, and try again") from error
        if not line:
            raise UserError("Live has closed the connection", _REMEDY)
        try:
            reply = read_json(line, names=True)
        except Unreadable as error:
            raise UserError("Live's answer cannot be read", _REMEDY) from error
        if "error" in reply:
            problem, _, remedy = reply["error"]["message"].rpartition(": ")
            raise UserError(problem or "Live refused", remedy)
        return reply["result"]
