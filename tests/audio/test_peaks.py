import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.audio.peaks import BASE_FRAMES, Peaks


def made(samples, rate=44100, piece=BASE_FRAMES * 7):
    peaks = Peaks(rate, *samples.shape)
    for first in range(0, samples.shape[1], piece):
        peaks.put(first, samples[:, first : first + piece])
    return peaks


def noise(frames, channels=2, seed=0):
    return np.random.default_rng(seed).uniform(-0.8, 0.8, (channels, frames)).astype(np.float32)


@settings(max_examples=40, deadline=None)
@given(
    frames=st.integers(1, 60_000),
    first=st.integers(0, 60_000),
    columns=st.integers(1, 50),
    per_column=st.integers(BASE_FRAMES, 9_000),
)
def test_a_column_holds_its_stretch_and_at_most_a_block_more(frames, first, columns, per_column):
    samples = noise(frames)
    view = made(samples).columns(first, first + columns * per_column, columns)
    for index in range(columns):
        begin = first + index * per_column
        own = samples[:, begin : begin + per_column]
        if not own.shape[1]:
            assert not view.high[:, index].any()
            continue
        # Blocks of the level in use are no wider than a column.
        around = samples[:, max(0, begin - per_column) : begin + 2 * per_column]
        assert (view.high[:, index] >= own.max(axis=1) - 1e-3).all()
        assert (view.high[:, index] <= around.max(axis=1) + 1e-3).all()
        assert (view.low[:, index] <= own.min(axis=1) + 1e-3).all()
        assert (view.low[:, index] >= around.min(axis=1) - 1e-3).all()


def test_rms_is_that_of_the_sound_at_every_scale():
    tone = 0.5 * np.sin(2 * np.pi * 441 * np.arange(441_000) / 44100)[None].astype(np.float32)
    peaks = made(tone)
    for columns in (1, 10, 100, 1000):
        rms = peaks.columns(0, 441_000, columns).rms
        assert rms == pytest.approx(0.5 / np.sqrt(2), rel=0.02)


def test_the_order_of_filling_does_not_matter_and_what_is_missing_is_flat():
    samples = noise(40 * BASE_FRAMES + 17)
    forwards, backwards = made(samples), Peaks(44100, *samples.shape)
    middle = 20 * BASE_FRAMES
    backwards.put(middle, samples[:, middle:])
    half = backwards.columns(0, samples.shape[1], 41)
    assert not half.high[:, :20].any()
    assert half.high[:, 21:].all()
    backwards.put(0, samples[:, :middle])
    for first, second in zip(
        forwards.columns(0, 9000, 33).__dict__.values(),
        backwards.columns(0, 9000, 33).__dict__.values(),
        strict=True,
    ):
        assert (first == second).all()


def test_off_the_grid_is_refused():
    peaks = Peaks(44100, 1, 10_000)
    with pytest.raises(ValueError, match="whole blocks"):
        peaks.put(100, np.zeros((1, BASE_FRAMES)))
    with pytest.raises(ValueError, match="whole blocks"):
        peaks.put(0, np.zeros((1, 100)))


def test_a_saved_pyramid_comes_back_and_a_damaged_one_does_not(tmp_path):
    samples = noise(100_000)
    path = tmp_path / "song.peaks"
    made(samples).save(path)
    again = Peaks.load(path, 44100, 2, 100_000)
    assert (again.columns(0, 1e5, 77).low == made(samples).columns(0, 1e5, 77).low).all()
    assert Peaks.load(path, 44100, 2, 200_000) is None
    path.write_bytes(path.read_bytes()[:1000])
    assert Peaks.load(path, 44100, 2, 100_000) is None
    assert Peaks.load(tmp_path / "none", 44100, 2, 100_000) is None


def test_what_no_float16_holds_is_drawn_at_its_edge():
    peaks = made(np.full((1, 1000), 1e9, np.float32))
    assert np.isfinite(peaks.columns(0, 1000, 4).rms).all()


def test_a_guess_stands_for_its_stretch_until_it_is_known_better():
    samples = noise(64 * BASE_FRAMES)
    peaks = Peaks(44100, 2, 64 * BASE_FRAMES)
    for first in range(0, 64, 16):
        begin = first * BASE_FRAMES
        peaks.guess(begin, begin + 16 * BASE_FRAMES, samples[:, begin : begin + BASE_FRAMES])
    guessed = peaks.columns(0, samples.shape[1], 8)
    exact = made(samples).columns(0, samples.shape[1], 8)
    assert guessed.rms == pytest.approx(exact.rms, rel=0.2)
    assert guessed.high == pytest.approx(exact.high, rel=0.2)
    peaks.put(0, samples)
    assert (peaks.columns(0, samples.shape[1], 8).high == exact.high).all()


def test_a_guess_from_some_of_every_piece_shows_each_piece_as_its_own():
    samples = noise(60 * BASE_FRAMES)  # the last of four pieces is cut short
    samples[:, 16 * BASE_FRAMES : 32 * BASE_FRAMES] *= 0.25
    begins = np.arange(4) * 16 * BASE_FRAMES
    some = np.stack([samples[:, begin : begin + BASE_FRAMES] for begin in begins], axis=1)
    peaks = Peaks(44100, 2, 60 * BASE_FRAMES)
    peaks.guess(0, 64 * BASE_FRAMES, some)
    shown = peaks.columns(0, 60 * BASE_FRAMES, 15).high
    exact = made(samples).columns(0, 60 * BASE_FRAMES, 15).high
    assert shown == pytest.approx(exact, rel=0.2)
    assert (shown[:, 4:8] < 0.5 * shown[:, :4].min()).all()
