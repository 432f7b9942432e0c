"""Ardour sessions of format 7002, which Ardour 7 and later open: a folder with its audio.

Only what Ardour needs is written; it adds the rest when it saves. The format is not documented:
all facts here were found by opening such sessions with Ardour 7.3 and by listening to its exports.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from stemdesk.daw.ardour_document import SessionDocument
from stemdesk.daw.ardour_routes import MASTER
from stemdesk.daw.distinct_names import distinct_names
from stemdesk.daw.new_folder import new_folder
from stemdesk.daw.xml_text import xml_bytes, xml_text
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.daw.session import Session

LOWEST_RATE_HZ = 44_100
_RESERVED = (MASTER, "Monitor", "Click", "Auditioner")
_FOLDERS = ("analysis", "dead", "export", "externals", "peaks", "plugins")


def write_ardour(session: Session, path: Path) -> None:
    """Write a session folder with copies of the audio; its name is the session's.

    At neutral it plays the sum of its tracks, bit for bit: its regions have no fades, and its
    panners are unity at the centre.

    Args:
        session: what to write.
        path: the folder to appear; it holds `<name>.ardour`.

    Raises:
        UserError: Ardour cannot play it, it is there already, or it cannot be written.
    """
    if session.sample_rate < LOWEST_RATE_HZ:
        raise UserError(
            f"Ardour plays sessions of {session.sample_rate} Hz as silence",
            "choose another format, or separate the song at 44100 or 48000 Hz",
        )
    if ":" in path.name:
        raise UserError(f"Ardour opens no session named {path.name}", "leave out the colon")
    names = distinct_names((_plain(track.name) for track in session.tracks), _RESERVED)
    with new_folder(path) as folder:
        audio = folder / "interchange" / path.name / "audiofiles"
        audio.mkdir(parents=True)
        for below in (*_FOLDERS, f"interchange/{path.name}/midifiles"):
            (folder / below).mkdir()
        files = []
        for name, track in zip(names, session.tracks, strict=True):
            files.append(f"{name}{track.path.suffix.lower()}")
            shutil.copyfile(track.path, audio / files[-1])
        document = SessionDocument(session, path.name).build(names, files)
        (folder / f"{path.name}.ardour").write_bytes(xml_bytes(document))


def _plain(name: str) -> str:
    """Colons part clients from ports in JACK's names."""
    return xml_text(name).replace(":", "-")
