"""The app on a real screen: songs come and stems go by the mouse, across windows."""

import json
import sys
from pathlib import Path

import pytest

from stemdesk.app.demo import demo_song
from stemdesk.audio.reading import open_audio
from stemdesk.ui.theme import DARK
from tests.ui.x11.desktop import SIZE, Desktop, missing_programs

APP_WIDTH = 1300
SEPARATION_SECONDS = 90
HEADER_PX = 300  # more than the headers are wide
LEAST_LANE_PX = 40

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs X11"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"needs {', '.join(missing_programs())} to be installed"
    ),
]


@pytest.fixture
def desktop(tmp_path):
    folder = tmp_path / "desktop"
    config = folder / "stemdesk" / "config"
    config.mkdir(parents=True)
    (config / "settings.toml").write_text(
        'audio_device = "silent"\nwelcomed = true\ntheme = "dark"\nlanguage = "en"\n'
    )
    home = {"HOME": str(folder), "STEMDESK_HOME": str(folder / "stemdesk")}
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        home[f"XDG_{name}_HOME"] = str(folder / name.lower())
    desktop = Desktop(folder, home)
    yield desktop
    desktop.close()


@pytest.fixture
def app(desktop):
    """The app's window, on the left of the screen."""
    desktop.process = desktop.python("-m", "stemdesk", "app", name="stemdesk")
    window = desktop.until(lambda: desktop.window("StemDesk"), seconds=40)
    desktop.place(window, 0, 0, APP_WIDTH, SIZE[1] - 60)
    desktop.until(lambda: desktop.rectangle(window)[2] == APP_WIDTH)
    return window


def beside_the_app(desktop, title, y):
    """The middle of a small window, on the right of the screen."""
    window = desktop.until(lambda: desktop.window(title))
    desktop.place(window, APP_WIDTH + 40, y)
    desktop.until(lambda: desktop.rectangle(window)[0] > APP_WIDTH)
    return desktop.middle(window)


def autosave(desktop):
    """The file in which the app keeps what is not saved; None before there is something."""
    return next(desktop.folder.glob("stemdesk/data/unsaved/*/project.autosave.json"), None)


def songs(desktop):
    file = autosave(desktop)
    return json.loads(file.read_text())["tracks"] if file else []


def stems(desktop):
    """Stem -> file, once the song is separated."""
    found = [song["separated"]["stems"] for song in songs(desktop) if song.get("separated")]
    folder = autosave(desktop).parent if found else None
    return {name: folder / file["path"] for each in found for name, file in each.items()}


def is_muted(desktop, stem):
    strips = [strip for song in songs(desktop) for strip in song["mix"]["strips"]]
    return any(strip["name"] == stem and strip.get("mute") for strip in strips)


def rows_of(desktop, window, lane, picture):
    """The rows of the screen that a lane takes: found by the stripe in the lane's colour."""
    left, top, _, height = desktop.rectangle(window)
    colour = DARK.lane(lane).rgb()
    rows = [y for y in range(top, top + height) if picture.pixel(left + 2, y) == colour]
    assert len(rows) > LEAST_LANE_PX, f"no lane of the {lane} is to be seen"
    return rows


def name_of(desktop, window, lane):
    """A place beside the name in a lane's header."""
    left, _, _, _ = desktop.rectangle(window)
    return left + 120, rows_of(desktop, window, lane, desktop.picture())[0] + 12


def wave(desktop, window):
    """A lane with the playhead in it, as it looks now."""
    picture = desktop.picture()
    rows = rows_of(desktop, window, "vocals", picture)
    left, _, width, _ = desktop.rectangle(window)
    return picture.copy(left + HEADER_PX, rows[0], width - HEADER_PX, LEAST_LANE_PX)


def samples(path):
    with open_audio(path) as reader:
        return reader.read(reader.info.frames)


def test_a_song_is_dragged_in_and_a_stem_dragged_out(desktop, app, tmp_path):
    desktop.helper("drag_source.py", "Songs", demo_song())
    listed = tmp_path / "dropped.txt"
    desktop.helper("drop_target.py", "Takes files", listed)
    source = beside_the_app(desktop, "Songs", 100)
    target = beside_the_app(desktop, "Takes files", 500)

    desktop.drag(source, desktop.middle(app))
    desktop.until(lambda: "first_light" in desktop.title(app))
    files = desktop.until(lambda: stems(desktop), SEPARATION_SECONDS)

    still = wave(desktop, app)
    desktop.key("space", app)
    desktop.until(lambda: wave(desktop, app) != still)
    desktop.key("space", app)
    desktop.until(lambda: wave(desktop, app) == still)  # back where it began

    desktop.drag(name_of(desktop, app, "vocals"), target)
    desktop.until(listed.exists)
    (dropped,) = map(Path, listed.read_text().splitlines())
    assert dropped.name == "first_light - vocals.wav"
    assert samples(dropped).any()
    assert (samples(dropped) == samples(files["vocals"])).all()

    # A lane that is let go over its own window is no new song.
    desktop.drag(name_of(desktop, app, "drums"), desktop.middle(app))
    desktop.key("k", app)  # a change that shows when the document was written last
    desktop.until(lambda: is_muted(desktop, "vocals"))
    assert len(songs(desktop)) == 1

    desktop.key("ctrl+q", app)
    question = desktop.until(lambda: desktop.window("Unsaved changes"))
    desktop.key("Tab", question)
    desktop.key("space", question)
    assert desktop.until(lambda: desktop.process.poll() is not None)
    assert desktop.process.returncode == 0
    assert autosave(desktop) is None  # the user wants nothing of it
    assert samples(dropped).any()  # but whoever took the file goes on reading it
