from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from stemdesk.audio.peaks import BASE_FRAMES
from stemdesk.ui.timeline.view import TimelineView
from tests.ui.timeline.songs import RATE, FakePeaks, song


@pytest.fixture
def noise():
    frames = 20 * RATE
    stretch = np.random.default_rng(1).normal(0, 0.2, (2, BASE_FRAMES * 64))
    return FakePeaks(np.tile(stretch, -(-frames // stretch.shape[1]))[:, :frames])


@pytest.fixture
def view(qapp):
    view = TimelineView()
    view.resize(1236, 760)  # 1000 pixels of lanes
    view.show()
    view.show_track(song())
    yield view
    # At once: every widget that lingers makes the next test's change of theme slower.
    view.close()
    view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
