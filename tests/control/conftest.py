from __future__ import annotations

import pytest

from tests.control.fake_midi import DEVICES
from tests.control.fake_target import FakeTarget


@pytest.fixture
def target():
    return FakeTarget()


@pytest.fixture
def devices():
    DEVICES.clear()
    yield DEVICES
    DEVICES.clear()
