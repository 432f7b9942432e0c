"""The editor action in the real Ardour: from a selected region to stems on tracks."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stemdesk_plugins.installing import install
from stemdesk_plugins.machine import Machine, Platform
from tests.plugins.conftest import wait_for, write_music

HERE = Path(__file__).parent
LIBRARY = Path("/usr/lib/ardour7")
# Of its audio systems only the silent one, started without asking.
SETTINGS = """\
<?xml version="1.0" encoding="UTF-8"?>
<Ardour><Config>
  <Option name="hide-dummy-backend" value="0"/>
  <Option name="try-autostart-engine" value="1"/>
</Config></Ardour>
"""
# A key of Ardour's that is bound to the second action instead.
KEY, ITS_ACTION = "ctrl+F9", '"Editor/save-visual-state-9"'
STEMS = ["vocals", "drums", "bass", "other"]


@pytest.fixture
def ardour(host_environment, tmp_path):
    """Ardour's environment, with our script and the driver added as actions."""
    for program in ("ardour7-lua", "ardour7-export", "ardour7-new_empty_session", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"needs Ardour 7 and xdotool; {program} is not here")
    if shutil.which("ardour") is None or not LIBRARY.is_dir():
        pytest.skip("needs Ardour 7")
    environment = {**host_environment, "ARDOUR_DLL_PATH": str(_silent_library(tmp_path))}
    folder = Path(environment["XDG_CONFIG_HOME"]) / "ardour7"
    folder.mkdir()
    (folder / ".a7").touch()  # it has been here before: no questions
    (folder / "config").write_text(SETTINGS)
    machine = Machine(Platform.LINUX, Path(environment["HOME"]), environment)
    (script,) = install("ardour", machine).report.written
    driver = tmp_path / "driver.lua"
    driver.write_text((HERE / "driver.lua").read_text().replace("@PLACE@", str(tmp_path)))
    state = tmp_path / "state"
    scripts = {"SCRIPTS": f"{script}\n{driver}", "UI_SCRIPTS": str(state)}
    command = ["ardour7-lua", str(HERE / "add_actions.lua")]
    subprocess.run(command, env={**environment, **scripts}, capture_output=True, timeout=60)
    content = base64.b64encode(state.read_bytes()).decode()
    (folder / "ui_scripts").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<UIScripts>'
        f'<ActionScript lua="Lua 5.3">{content}</ActionScript></UIScripts>\n'
    )
    keys = Path("/etc/ardour7/ardour.keys").read_text()
    assert keys.count(ITS_ACTION) == 1
    (folder / "ardour.keys").write_text(keys.replace(ITS_ACTION, '"LuaAction/script-2"'))
    return environment


def _silent_library(tmp_path) -> Path:
    library = tmp_path / "library"
    (library / "backends").mkdir(parents=True)
    for part in LIBRARY.iterdir():
        if part.name != "backends":
            (library / part.name).symlink_to(part)
    for backend in (LIBRARY / "backends").glob("*dummy*"):
        shutil.copy(backend, library / "backends")
    return library


def run_ardour(environment, session: Path, log: Path, finished: Path):
    """Opens a session in Ardour's window and presses the driver's key until it has reported."""
    environment = {
        **environment,
        "LD_LIBRARY_PATH": str(LIBRARY),
        "GTK_PATH": f"/etc/ardour7:{LIBRARY}",
        "ARDOUR_DATA_PATH": "/usr/share/ardour7",
        "ARDOUR_CONFIG_PATH": "/etc/ardour7",
        "VAMP_PATH": str(LIBRARY / "vamp"),
    }
    program = next(each for each in LIBRARY.glob("ardour-7*") if os.access(each, os.X_OK))
    command = [str(program), "-n", "-a", "-d", str(session / "song.ardour")]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, env=environment, stdout=out, stderr=out) as running,
    ):
        try:
            started = session / "before.ardour"
            # A window takes keys a while after it is there; the driver begins only once.
            wait_for(lambda: started.exists() or _press(environment), 90, "the driver")
            wait_for(finished.exists, 120, "the driver's report")
        finally:
            running.kill()


def _press(environment) -> None:
    """Presses the key in the editor's window, if that is there."""
    search = ["xdotool", "search", "--onlyvisible", "--name", "song - Ardour"]
    windows = subprocess.run(search, env=environment, capture_output=True, text=True).stdout
    for window in windows.split():
        told = ["windowfocus", window, "mousemove", "600", "500", "key", KEY, "sleep", "1"]
        subprocess.run(["xdotool", *told], env=environment, capture_output=True)


def exported(environment, session: Path, snapshot: str) -> np.ndarray:
    """What a snapshot of a session plays.

    `ardour7-export` 7.3 destroys its own heap in one run of ten; then it is run again.
    """
    out = session.parent / f"{snapshot}.wav"
    command = ["ardour7-export", "-b", "float", "-o", str(out), str(session), snapshot]
    environment = {name: value for name, value in environment.items() if "ARDOUR" not in name}
    for _ in range(8):
        out.unlink(missing_ok=True)
        ran = subprocess.run(command, env=environment, capture_output=True, timeout=120)
        if ran.returncode == 0:
            return soundfile.read(out, dtype="float64")[0]
    raise AssertionError(ran)


@pytest.mark.slow
def test_a_region_comes_back_as_stems_that_sum_to_it(ardour, tmp_path):
    write_music(tmp_path / "song.wav", seconds=2.0)
    session = tmp_path / "session"
    command = ["ardour7-new_empty_session", str(session), "song"]
    subprocess.run(command, env=ardour, check=True, capture_output=True, timeout=60)
    report = tmp_path / "report.txt"
    run_ardour(ardour, session, tmp_path / "log", report)

    rows = [line.split("\t") for line in report.read_text().splitlines()]
    assert [row[0] for row in rows] == ["song", *(f"song {stem}" for stem in STEMS)]
    assert [row[5] for row in rows] == ["muted", *["heard"] * 4]
    assert len({row[1] for row in rows[1:]}) == 4
    assert rows[1][1] == "E69F00FF"
    # Where the region is, as long, as wide, as loud as it.
    assert {tuple(row[2:5]) for row in rows} == {("123457", "50002", "2")}
    assert {float(row[6]) for row in rows} == {0.5}
    assert not list((session / "StemDesk").rglob("*.txt"))

    before = exported(ardour, session, "before")
    after = exported(ardour, session, "after")
    frames = min(len(before), len(after))
    assert np.abs(before[:frames]).max() > 0.05
    assert np.abs(before[:frames] - after[:frames]).max() < 10 ** (-130 / 20)
