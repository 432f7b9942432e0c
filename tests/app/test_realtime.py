"""Live mixes: at rest the stream itself, otherwise its stems at their levels; fed in a thread."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from stemdesk.app.realtime import LiveMix, LiveRide, live_mix
from stemdesk.errors import UserError
from stemdesk.separation.checkpoint import save_network
from stemdesk.separation.live import LiveSeparator
from tests.separation.live_models import live_model, music, streamed


def grid(samples):
    return (np.round(samples * 2**23) / 2**23).astype(np.float32)


@pytest.fixture(scope="module")
def model():
    return live_model()


def mixed(mix, mixture, size=512):
    starts = range(0, mixture.shape[1], size)
    parts = [mix.push(mixture[:, start : start + size]) for start in starts]
    return np.concatenate([*parts, mix.finish()], axis=1)


def test_at_rest_it_is_the_stream_itself(model):
    mixture = grid(music())
    assert (mixed(LiveMix(LiveSeparator(*model)), mixture) == mixture).all()


def test_levels_are_those_of_the_stems(model):
    mixture = grid(music())
    stems = streamed(LiveSeparator(*model), mixture, [512])
    mix = LiveMix(LiveSeparator(*model))
    mix.set_level("vocals", -np.inf)
    mix.set_level("drums", 6.0)
    mix.settle()
    expected = stems[1] * 10 ** (6 / 20) + stems[2] + stems[3]
    assert np.abs(mixed(mix, mixture) - expected).max() < 1e-6


def test_claims_are_refused_where_nothing_is_shared(tmp_path):
    card, network = live_model(masks="binary")
    save_network(tmp_path / card.id, card, network.state_dict())
    with pytest.raises(UserError, match="share nothing that one could claim"):
        live_mix(str(tmp_path / card.id), 1, {}, ["vocals=6"])


def test_a_level_changes_without_a_click(model):
    """The step from one frame to the next is not more than the ramp's."""
    mix = LiveMix(LiveSeparator(*model))
    still = np.full((2, 8192), 0.5, np.float32)
    before = np.concatenate([mix.push(still[:, :512]) for _ in range(32)], axis=1)
    mix.toggle(0)
    assert mix.muted == ["vocals"]
    after = np.concatenate([mix.push(still[:, :512]) for _ in range(32)], axis=1)
    assert np.abs(before[:, 4096:] - 0.5).max() == 0
    assert np.abs(after[:, -1] - 0.5).max() > 0.01, "something is gone"
    joined = np.concatenate([before[:, -1:], after], axis=1)
    assert np.abs(np.diff(joined)).max() < 0.5 / 200
    mix.toggle(0)
    assert mix.muted == []


def test_a_stem_that_comes_back_is_exact_again_however_short_the_blocks():
    model = live_model(n_fft=2048, hop=128)
    mix = LiveMix(LiveSeparator(*model))
    mixture = grid(music())
    heard = []
    for at in range(0, mixture.shape[1], 128):
        if at in (128 * 60, 128 * 90):
            mix.toggle(0)
        heard.append(mix.push(mixture[:, at : at + 128]))
    played = np.concatenate(heard, axis=1)
    differs = (played != mixture[:, : played.shape[1]]).any(axis=0)
    assert differs[128 * 60 : 128 * 70].any()
    assert not differs[128 * 92 :].any()


def test_what_cannot_be_set_is_refused(model):
    mix = LiveMix(LiveSeparator(*model))
    with pytest.raises(UserError, match="choose one of vocals, drums, bass, other"):
        mix.set_level("piano", 0.0)
    for level_db in (13.0, np.nan):
        with pytest.raises(UserError, match="at most 12 dB"):
            mix.set_level("vocals", level_db)


def test_a_model_from_its_folder(tmp_path, model):
    card, network = model
    save_network(tmp_path / card.id, card, network.state_dict())
    mix = live_mix(str(tmp_path / card.id), 1, {"vocals": -np.inf})
    mixture = grid(music())
    assert np.abs(mixed(mix, mixture) - mixture).max() > 1e-3, "the vocals are off from the first"


class Line:
    """Sound comes in as fast as it is taken, and goes out into a list."""

    def __init__(self, mixture):
        self.mixture, self.place, self.given, self.gaps = mixture, 0, [], 0
        self.is_done = threading.Event()

    def take(self):
        self.place += 441
        taken = self.mixture[:, self.place - 441 : self.place]
        if not taken.shape[1]:
            self.is_done.set()
        return taken

    def give(self, samples):
        self.given.append(samples)


def test_a_line_is_kept_supplied(model):
    mixture = grid(music())
    line = Line(mixture)
    ride = LiveRide(line, LiveMix(LiveSeparator(*model)))
    assert line.is_done.wait(30)
    ride.close()
    played = np.concatenate(line.given, axis=1)
    assert ride.failure is None
    assert mixture.shape[1] - played.shape[1] <= model[0].n_fft
    assert (played == mixture[:, : played.shape[1]]).all()


def test_what_goes_wrong_in_the_thread_is_kept_for_whoever_asks(model):
    class Broken(Line):
        def give(self, samples):
            raise OSError(f"gone, with {samples.shape[1]} frames")

    ride = LiveRide(Broken(grid(music())), LiveMix(LiveSeparator(*model)))
    end = time.monotonic() + 30
    while ride.failure is None and time.monotonic() < end:
        time.sleep(0.01)
    ride.close()
    assert isinstance(ride.failure, OSError)
