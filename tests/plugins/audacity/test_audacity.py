"""The client against the real Audacity: from its own selection to stems under it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stemdesk.errors import UserError
from stemdesk_plugins.audacity.pipe import Audacity, Fifos
from stemdesk_plugins.audacity.selection import selected
from stemdesk_plugins.audacity.settings import enable_pipe
from stemdesk_plugins.machine import Machine, Platform
from stemdesk_plugins.separation import separate
from tests.plugins.conftest import wait_for, write_music

ANSWER_SECONDS = 60.0
FIRST_START = """\
[GUI]
ShowSplashScreen=0
[Version]
Major=3
Minor=2
Micro=4
"""


# The pipe has the same name for all of a user's Audacities: this one gets a /tmp of its own, in
# which only the tests' folder is the one outside.
ISOLATED = """
mkdir -p "$PRIVATE$TESTS" && mount --bind "$TESTS" "$PRIVATE$TESTS" &&
mount --rbind "$PRIVATE/tmp" /tmp && exec "$@"
"""


@pytest.fixture
def pipe_folder(tmp_path) -> Path:
    """What Audacity sees as /tmp."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rm", "true"], capture_output=True).returncode:
        pytest.skip("needs a mount namespace of its own, which this system does not allow")
    if not tmp_path.is_relative_to("/tmp"):
        pytest.skip("needs a temporary folder in /tmp")
    private = tmp_path / "private"
    private.mkdir()
    return private / "tmp"


@pytest.fixture
def audacity(host_environment, pipe_folder, monkeypatch, tmp_path):
    """A running Audacity that our own set-up has prepared."""
    program = shutil.which("audacity")
    if program is None:
        pytest.skip("needs Audacity")
    if not any(Path("/usr/lib").glob("**/mod-script-pipe.so")):
        pytest.skip("needs Audacity's mod-script-pipe")
    settings = Path(host_environment["XDG_CONFIG_HOME"]) / "audacity"
    settings.mkdir()
    (settings / "audacity.cfg").write_text(FIRST_START)
    monkeypatch.setattr("stemdesk_plugins.audacity.settings.is_running", lambda _: False)
    monkeypatch.setattr("stemdesk_plugins.audacity.pipe.QUESTION_SECONDS", 3.0)
    home = Path(host_environment["HOME"])
    assert enable_pipe(Machine(Platform.LINUX, home, host_environment)).backup is not None
    environment = {**host_environment, "PRIVATE": str(pipe_folder.parent), "TESTS": str(tmp_path)}
    command = ["unshare", "-rm", "sh", "-c", ISOLATED, "sh", program]
    with (
        (home / "log").open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as running,
    ):
        client = None
        try:
            client = wait_for(lambda: _client(pipe_folder), what="Audacity")
            yield client
        finally:
            running.kill()
            if client is not None:
                client.close()


def _client(folder: Path):
    """A client that gets answers: what comes before the window is there is lost."""
    try:
        client = Audacity(Fifos(folder, user=0), ANSWER_SECONDS)
    except UserError:
        return None
    try:
        client.info("Tracks")
    except UserError:
        client.close()
        return None
    return client


def exported(audacity, path: Path, channels: int = 2) -> np.ndarray:
    """What is selected, as Audacity exports it in float."""
    name = "/FileFormats/ExportFormat_SF1_Type/WAV_10000"
    audacity.do("SetPreference", Name=name, Value="6")
    audacity.do("Export2", Filename=str(path), NumChannels=channels)
    samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    return samples


@pytest.mark.slow
def test_the_selection_comes_back_as_stems_that_sum_to_it(audacity, music, tmp_path):
    audacity.do("Import2", Filename=str(music))
    audacity.do("Import2", Filename=str(write_music(tmp_path / "below.wav", channels=1)))
    audacity.do("SelectTracks", Track=0, TrackCount=1, Mode="Set")
    audacity.do("SelectTime", Start=0.31234567, End=1.7)
    before = exported(audacity, tmp_path / "before.wav")

    selection = selected(audacity)
    output = tmp_path / "Stämme \\ 'here'"
    output.mkdir()
    stems = separate(selection.passage(output, ""), lambda *_: None)
    selection.put_back(stems)

    tracks = audacity.info("Tracks")
    assert [track["name"] for track in tracks] == [music.stem, *(s.name for s in stems), "below"]
    assert [track["mute"] for track in tracks] == [1, 0, 0, 0, 0, 0]
    assert len(stems) == 4
    audacity.do("SelectTracks", Track=1, TrackCount=len(stems), Mode="Set")
    after = exported(audacity, tmp_path / "after.wav")
    assert after.shape == before.shape
    assert np.count_nonzero(after - before) == 0
    assert np.abs(before).max() > 0.1
    for place, stem in enumerate(stems, 1):
        audacity.do("SelectTracks", Track=place, TrackCount=1, Mode="Set")
        alone = exported(audacity, tmp_path / "alone.wav")
        assert np.count_nonzero(alone - soundfile.read(stem.path, dtype="float32")[0]) == 0
    source = soundfile.read(music, dtype="float32")[0]
    first = round(0.31234567 * 48_000)
    assert np.count_nonzero(before - source[first : first + len(before)]) == 0

    with pytest.raises(UserError, match="refused"):
        audacity.do("NoSuchCommand")
    audacity.do("SelectNone")
    with pytest.raises(UserError, match="No audible track"):
        selected(audacity)
