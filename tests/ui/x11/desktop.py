"""A screen of its own with a window manager, a mouse and a keyboard: what a person has."""

import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

from PySide6.QtGui import QImage

PROGRAMS = ("Xvfb", "openbox", "xdotool", "import")
SIZE = (1600, 1000)
START_SECONDS = 20.0
STEP_SECONDS = 0.02
HERE = Path(__file__).parent


def missing_programs():
    return [name for name in PROGRAMS if shutil.which(name) is None]


class Desktop:
    """See the module; everything it started ends with it.

    Args:
        folder: for what its programs write.
        home: environment of its programs beyond the test's own.
    """

    def __init__(self, folder, home):
        self.folder = folder
        self._children = []
        self._logs = []
        ours, theirs = os.pipe()
        try:
            size = f"{SIZE[0]}x{SIZE[1]}x24"
            command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", size]
            self._start([*command, "-nolisten", "tcp"], os.environ, "xvfb", pass_fds=[theirs])
            os.close(theirs)
            self.display = f":{_line(ours)}"
        finally:
            os.close(ours)
        self.environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("QT_")},
            **home,
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": "1",
            "LC_ALL": "C.UTF-8",
        }
        try:
            self._start(["openbox", "--sm-disable"], self.environment, "openbox")
            self.until(lambda: self.xdotool("get_num_desktops", check=False).returncode == 0)
        except BaseException:
            self.close()
            raise

    def python(self, *arguments, name):
        """Start a Python program on this screen."""
        return self._start([sys.executable, *map(str, arguments)], self.environment, name)

    def helper(self, program, *arguments):
        """Start one of the small programs beside this file."""
        return self.python(HERE / program, *arguments, name=program)

    def xdotool(self, *arguments, check=True):
        command = ["xdotool", *map(str, arguments)]
        return subprocess.run(
            command, env=self.environment, check=check, capture_output=True, text=True, timeout=30
        )

    def window(self, title):
        """The id of a shown window whose title contains a text; empty while there is none."""
        found = self.xdotool("search", "--onlyvisible", "--name", title, check=False).stdout
        return found.split()[0] if found.split() else ""

    def title(self, window):
        return self.xdotool("getwindowname", window).stdout.strip()

    def place(self, window, x, y, width=0, height=0):
        """Move a window, and give it another size."""
        if width:
            self.xdotool("windowsize", window, width, height)
        self.xdotool("windowmove", window, x, y)

    def rectangle(self, window):
        """x, y, width, height of a window's inside."""
        lines = self.xdotool("getwindowgeometry", "--shell", window).stdout.splitlines()
        values = dict(line.split("=") for line in lines)
        return tuple(int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))

    def middle(self, window):
        x, y, width, height = self.rectangle(window)
        return x + width // 2, y + height // 2

    def key(self, name, window):
        self.xdotool("windowactivate", "--sync", window)
        self.xdotool("key", name)

    def click(self, place):
        self.xdotool("mousemove", *place, "click", 1)

    def drag(self, start, end, steps=24):
        """Press at one place, go to another as a hand does, let go there."""
        self.xdotool("mousemove", *start)
        time.sleep(0.2)
        self.xdotool("mousedown", 1)
        for step in range(1, steps + 1):
            along = [round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True)]
            self.xdotool("mousemove", *along)
            time.sleep(STEP_SECONDS)
        time.sleep(0.5)
        # What is below the mouse answers to moves, and a drop counts once it has said yes.
        self.xdotool("mousemove_relative", "--", 2, 2)
        time.sleep(0.5)
        self.xdotool("mouseup", 1)

    def picture(self):
        """The screen as it is now."""
        file = self.folder / "screen.png"
        command = ["import", "-silent", "-window", "root", str(file)]
        subprocess.run(command, env=self.environment, check=True, timeout=60)
        return QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)

    def until(self, condition, seconds=START_SECONDS):
        """Wait until something is so; what it gave then.

        Raises:
            AssertionError: it never was, or a program ended; with what the programs said.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            for child, name in self._children:
                assert child.poll() in (None, 0), f"{name} ended\n{self.said()}"
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds:g} s in vain\n{self.said()}")

    def said(self):
        """What the programs wrote."""
        return "\n".join(f"{log.name}: {log.read_text()[-2000:]}" for log in self._logs)

    def close(self):
        for child, _ in reversed(self._children):
            if child.poll() is None:
                child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _start(self, command, environment, name, pass_fds=()):
        log = self.folder / f"{name}.log"
        with log.open("w") as out:
            child = subprocess.Popen(
                command, env=environment, stdout=out, stderr=out, cwd=self.folder, pass_fds=pass_fds
            )
        self._children.append((child, name))
        self._logs.append(log)
        return child


def _line(descriptor):
    """What a program writes there up to the end of the line."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], START_SECONDS)
        assert ready, "the screen did not start"
        text += os.read(descriptor, 1)
    return text.decode().strip()
