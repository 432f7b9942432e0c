from __future__ import annotations

import pytest

from tests.app.engine.rig import Running


@pytest.fixture(scope="module")
def running():
    """One engine without a model, for all tests that do it no harm."""
    running = Running()
    yield running
    running.stop()
