"""The sources of a song that is being separated: their sum is the song at any moment."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from stemdesk.app.live.spans import merged
from stemdesk.app.live.stems import FADE_SECONDS, MIXTURE, LiveStems
from stemdesk.audio.clip import AudioClip
from stemdesk.errors import UserError
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import MixSettings, StripSettings
from stemdesk.mixing.sources import ClipStem
from tests.app.tiny import STEMS, music, read_exactly, save_song

RATE = 44_100
FRAMES = 30_000
FADE = round(FADE_SECONDS * RATE)
QUANTUM = 480
SUM_TOLERANCE = 2.0**-23  # of five float32 within +-1


@pytest.fixture
def song():
    return music(FRAMES).astype(np.float32)


@pytest.fixture
def estimates(song):
    """Three stems that have little to do with the song, ``[3, 2, frames]``."""
    return np.random.default_rng(3).uniform(-0.5, 0.5, (3, *song.shape)).astype(np.float32)


@pytest.fixture
def live(song):
    stems = LiveStems(ClipStem(AudioClip(song, RATE)), STEMS)
    yield stems
    stems.close()


class Growing:
    """The file of a worker: estimates appear in it stretch by stretch."""

    def __init__(self, path, estimates):
        self.path, self._spans = path, ()
        self._data = np.ascontiguousarray(np.moveaxis(estimates, -1, 0), dtype="<f4")
        path.write_bytes(b"")

    def add(self, live, first, end):
        with self.path.open("r+b") as file:
            file.seek(first * self._data[0].nbytes)
            file.write(self._data[first:end].tobytes())
        self._spans = merged([*self._spans, (first, end)])
        live.follow(self.path, self._spans)


@pytest.fixture
def growing(tmp_path, estimates):
    return Growing(tmp_path / "live.f32", estimates)


def read(live, frame, frames):
    """Name -> block, every source once, as the renderer reads."""
    return {name: source.read_at(frame, frames) for name, source in live.sources.items()}


def read_all(live, between=lambda _frame: None):
    """The whole song in quanta: name -> ``[2, frames]``."""
    blocks = []
    for frame in range(0, FRAMES, QUANTUM):
        between(frame)
        blocks.append(read(live, frame, QUANTUM))
    joined = {name: np.concatenate([b[name] for b in blocks], axis=1) for name in live.sources}
    return {name: block[:, :FRAMES] for name, block in joined.items()}


def assert_sum(blocks, song):
    total = sum(block.astype(np.float64) for block in blocks.values())
    np.testing.assert_allclose(total, song, atol=SUM_TOLERANCE, rtol=0)


def weights_of(blocks, estimates):
    """How much of the stems is heard, from 0 to 1, frame by frame."""
    return (blocks["vocals"] * estimates[0]).sum(axis=0) / (estimates[0] ** 2).sum(axis=0)


def test_before_anything_is_separated_the_mixture_plays(live, song):
    blocks = read_all(live)
    assert list(live.sources) == [*STEMS, MIXTURE]
    assert np.array_equal(blocks[MIXTURE], song)
    assert not any(blocks[stem].any() for stem in STEMS)


def test_what_is_separated_is_heard_and_the_rest_is_the_mixture(live, growing, song, estimates):
    growing.add(live, 5_000, 12_000)
    growing.add(live, 20_000, FRAMES)
    blocks = read_all(live)
    assert_sum(blocks, song)
    for first, end in [(5_000 + FADE, 12_000 - FADE), (20_000 + FADE, FRAMES)]:
        part = slice(first, end)
        for stem, wanted in zip(STEMS, estimates, strict=False):
            assert np.array_equal(blocks[stem][:, part], wanted[:, part])
        rest = song[:, part] - estimates[:, :, part].sum(axis=0, dtype=np.float64)
        np.testing.assert_allclose(blocks["other"][:, part], rest, atol=1e-6)
        assert not blocks[MIXTURE][:, part].any()
    for first, end in [(0, 5_000), (12_000, 20_000)]:
        assert np.array_equal(blocks[MIXTURE][:, first:end], song[:, first:end])
        assert not any(blocks[stem][:, first:end].any() for stem in STEMS)
    assert live.spans == ((5_000, 12_000), (20_000, FRAMES))


def test_the_edges_are_cross_fades_of_equal_gain(live, growing, song, estimates):
    growing.add(live, 5_000, 12_000)
    growing.add(live, 20_000, 20_500)  # shorter than two fades
    weights = weights_of(read_all(live), estimates)
    steps = np.abs(np.diff(weights))
    assert steps.max() < 1.2 / FADE
    assert weights[5_000 + FADE // 2] == pytest.approx(0.5, abs=0.01)
    assert weights[12_000 - FADE // 2] == pytest.approx(0.5, abs=0.01)
    assert 0.2 < weights[20_250] < 0.5


def test_the_edges_of_the_song_are_none(live, growing, estimates):
    growing.add(live, 0, FRAMES)
    weights = weights_of(read_all(live), estimates)
    np.testing.assert_allclose(weights, 1.0, atol=1e-6)


def test_what_comes_in_under_the_playhead_is_faded_in(live, growing, song, estimates):
    """Its own edges are long past, or still to come."""

    def between(frame):
        if frame == 10 * QUANTUM:
            growing.add(live, 0, 15_000)
        if frame == 30 * QUANTUM:
            # The fade-out at 15 000 has begun.
            growing.add(live, 15_000, 25_000)

    blocks = read_all(live, between)
    assert_sum(blocks, song)
    weights = weights_of(blocks, estimates)
    assert not weights[: 10 * QUANTUM].any()
    assert np.abs(np.diff(weights)).max() < 1.2 / FADE
    assert weights[10 * QUANTUM + FADE + 1] == pytest.approx(1.0, abs=1e-3)
    assert weights[15_000] > 0.5


def test_after_a_jump_nothing_is_faded(live, growing, estimates):
    read(live, 0, QUANTUM)
    growing.add(live, 0, 15_000)
    block = read(live, 5_000, QUANTUM)["vocals"]
    assert np.array_equal(block, estimates[0][:, 5_000 : 5_000 + QUANTUM])


def test_a_block_that_is_read_again_has_what_came_meanwhile(live, growing, estimates):
    before = read(live, 5_000, QUANTUM)
    growing.add(live, 0, 15_000)
    after = read(live, 5_000, QUANTUM)
    assert not before["vocals"].any()
    assert np.array_equal(after["vocals"], estimates[0][:, 5_000 : 5_000 + QUANTUM])


def test_what_comes_between_two_sources_of_a_block_does_not_break_the_sum(live, growing, song):
    names = list(live.sources)
    blocks = {names[0]: live.sources[names[0]].read_at(480, QUANTUM)}
    growing.add(live, 0, FRAMES)
    blocks |= {name: live.sources[name].read_at(480, QUANTUM) for name in names[1:]}
    assert_sum(blocks, song[:, 480 : 480 + QUANTUM])


def test_a_hole_that_was_read_around_is_heard_once_it_is_filled(live, growing, estimates):
    """No buffer may keep the zeros that stood there."""
    growing.add(live, 0, 2_000)
    growing.add(live, 28_000, FRAMES)
    read(live, 1_000, 900)
    growing.add(live, 2_000, 28_000)
    block = read(live, 2_000, 100)
    assert np.array_equal(block["drums"], estimates[1][:, 2_000:2_100])


@pytest.mark.parametrize("frame", [-1_000, -300, FRAMES - 200, FRAMES + 10])
def test_outside_the_song_is_silence(live, growing, song, frame):
    growing.add(live, 0, 9_000)
    blocks = read(live, frame, QUANTUM)
    wanted = np.zeros((2, QUANTUM))
    for place in range(max(0, frame), min(FRAMES, frame + QUANTUM)):
        wanted[:, place - frame] = song[:, place]
    assert_sum(blocks, wanted)
    assert all(block.shape == (2, QUANTUM) for block in blocks.values())


def test_threads_that_read_do_not_disturb_one_another_while_spans_grow(live, growing, song):
    """Two readers in different places, one writer; every block of theirs sums to the song."""
    faults, stop = [], threading.Event()

    def keep_reading(seed):
        places = np.random.default_rng(seed)
        try:
            while not stop.is_set():
                first = int(places.integers(0, FRAMES - 4 * QUANTUM))
                for frame in range(first, first + 4 * QUANTUM, QUANTUM):
                    assert_sum(read(live, frame, QUANTUM), song[:, frame : frame + QUANTUM])
        except BaseException as error:  # noqa: BLE001 - told below
            faults.append(error)

    readers = [threading.Thread(target=keep_reading, args=(seed,)) for seed in (1, 2)]
    for reader in readers:
        reader.start()
    for index in np.random.default_rng(0).permutation(60):
        growing.add(live, index * 500, index * 500 + 500)
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert live.spans == ((0, FRAMES),)


def test_another_reader_between_two_sources_does_not_break_the_sum(live, growing, song):
    names = list(live.sources)
    blocks = {names[0]: live.sources[names[0]].read_at(480, QUANTUM)}
    other = threading.Thread(target=read, args=(live, 9_600, QUANTUM))
    other.start()
    other.join()
    growing.add(live, 0, FRAMES)
    blocks |= {name: live.sources[name].read_at(480, QUANTUM) for name in names[1:]}
    assert_sum(blocks, song[:, 480 : 480 + QUANTUM])


@pytest.fixture
def files(tmp_path, song, estimates):
    """The finished stems, on the 24-bit grid; they sum to the song."""
    grid = [np.rint(stem.astype(np.float64) * 2**23) / 2**23 for stem in estimates]
    stems = [*grid, song - sum(grid)]
    names = zip(STEMS, stems, strict=True)
    return {
        name: save_song(tmp_path / "out" / f"{name}.wav", samples, subtype="FLOAT")
        for name, samples in names
    }


def test_the_finished_files_go_on_without_a_gap(live, growing, song, estimates, files):
    growing.add(live, 0, 12_000)

    def between(frame):
        if frame == 20 * QUANTUM:
            live.finish(files)

    blocks = read_all(live, between)
    assert_sum(blocks, song)
    weights = weights_of(blocks, estimates)
    assert np.abs(np.diff(weights)).max() < 1.2 / FADE
    for stem in STEMS:
        assert np.array_equal(blocks[stem][:, 10_000:], read_exactly(files[stem])[:, 10_000:])
    assert not blocks[MIXTURE][:, 10_000:].any()
    assert not growing.path.exists(), "nobody needs it any more"


def test_files_that_finish_while_the_mixture_plays_are_faded_in(live, song, estimates, files):
    def between(frame):
        if frame == 20 * QUANTUM:
            live.finish(files)

    blocks = read_all(live, between)
    assert_sum(blocks, song)
    weights = weights_of(blocks, estimates)
    assert not weights[: 20 * QUANTUM].any()
    assert np.abs(np.diff(weights)).max() < 1.2 / FADE


def test_a_common_gain_of_the_files_is_taken_back(live, growing, song, files):
    for name, path in files.items():
        save_song(path, read_exactly(path) / 2, subtype="FLOAT")
        assert name in STEMS
    live.finish(files, gain=0.5)
    assert_sum(read_all(live), song)


def test_a_file_that_cannot_be_read_leaves_the_estimates(live, growing, song, files, estimates):
    growing.add(live, 0, FRAMES)
    files["bass"].write_bytes(b"no sound")
    with pytest.raises(UserError):
        live.finish(files)
    assert np.array_equal(read(live, 900, QUANTUM)["bass"], estimates[2][:, 900 : 900 + QUANTUM])


def test_news_after_the_end_and_of_files_that_are_gone_change_nothing(live, growing, song, files):
    live.follow(growing.path.with_name("gone.f32"), ((0, 5_000),))
    assert live.spans == ()
    live.finish(files)
    growing.add(live, 0, 5_000)
    assert live.spans == ((0, FRAMES),)
    assert_sum(read_all(live), song)


def test_the_mixer_plays_the_song_while_stems_come_in(live, growing, song):
    strips = tuple(StripSettings(name=name) for name in live.sources)
    renderer = Renderer(live.sources, MixSettings(strips=strips))
    blocks = []
    for step in range(30):
        growing.add(live, 1_000 * step, 1_000 * step + 1_000)
        blocks.append(renderer.read(1_000))
    renderer.close()
    np.testing.assert_allclose(np.concatenate(blocks, axis=1), song, atol=1e-6)
