"""Curves as TensorBoard's own reader finds them."""

from __future__ import annotations

import sys

import pytest

from stemdesk.errors import UserError
from tests.training.small_run import Stop, of_kind, train

pytestmark = pytest.mark.usefixtures("_one_thread")


def test_without_tensorboard_the_remedy_is_named(tiny, noise_pool, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(UserError, match="pip install tensorboard"):
        train(tiny, noise_pool, tmp_path / "run", tensorboard=True)


def test_curves_of_a_cut_run_have_every_step_once(tiny, noise_pool, tmp_path):
    reader = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator",
        reason="tensorboard is not installed",
        exc_type=ImportError,
    )
    with pytest.raises(Stop):
        train(tiny, noise_pool, tmp_path / "run", stop_after=4, tensorboard=True)
    _, told = train(tiny, noise_pool, tmp_path / "run", tensorboard=True)
    found = reader.EventAccumulator(str(tmp_path / "run" / "tensorboard")).Reload()
    curves = found.Tags()["scalars"]
    assert {"loss", "learning rate", "held out dB/mean"} <= set(curves)
    points = found.Scalars("loss")
    assert [point.step for point in points] == [1, 2, 3, 4]
    last = of_kind(told, "step")[-1]
    assert points[-1].value == pytest.approx(last.loss)
    scored = found.Scalars("held out dB/mean")
    assert [point.step for point in scored] == [3, 4]
