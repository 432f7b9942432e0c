"""At two device pixels to a pixel everything is drawn with both, not once and enlarged."""

import json
import os
import subprocess
import sys

FACTOR = 2
# In a process of its own: Qt takes the factor when it starts.
LOOK = r"""
import json
import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from stemdesk.mixing.settings import neutral
from stemdesk.ui.icons import icon
from stemdesk.ui.mixer.mixer_view import MixerView
from stemdesk.ui.theme import apply_theme
from stemdesk.ui.timeline.view import TimelineView
from tests.ui.timeline.songs import RATE, STEMS, FakePeaks, song

app = QApplication([])
apply_theme(app, "dark")

def halves(picture):
    # Share of pixels whose two device columns are not the same.
    image = picture.toImage().convertToFormat(picture.toImage().Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    even = flat[:, : image.width() // 2 * 2]
    return float((even[:, ::2] != even[:, 1::2]).any(axis=-1).mean())

view = TimelineView()
view.resize(800, 500)
view.show()
view.show_track(song(tempo=None))
noise = FakePeaks(np.random.default_rng(1).normal(0, 0.2, (2, 20 * RATE)).astype(np.float32))
for name in ("mixture", *STEMS):
    view.set_peaks(name, noise)
lanes = view.canvas.grab()
mixer = MixerView()
mixer.resize(900, 420)
mixer.show(neutral(STEMS))
mixer.show()
desk = mixer.grab()
sign = icon("play").pixmap(QSize(24, 24), app.devicePixelRatio())
print(json.dumps({
    "ratio": lanes.devicePixelRatio(),
    "lanes": halves(lanes), "mixer": halves(desk),
    "icon": [sign.width(), halves(sign)],
}))
"""


def test_lanes_mixer_and_icons_use_every_device_pixel(pytestconfig):
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        env={**os.environ, "QT_SCALE_FACTOR": str(FACTOR)},
        cwd=pytestconfig.rootpath,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["ratio"] == FACTOR
    assert found["icon"][0] == 24 * FACTOR
    assert found["lanes"] > 0.05
    assert found["mixer"] > 0.005
    assert found["icon"][1] > 0.01
