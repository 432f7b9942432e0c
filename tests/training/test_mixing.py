"""Random mixes from a small made-up pool: repeatable, additive, within bounds."""

import shutil

import numpy as np
import pytest

from stemdesk.errors import UserError
from stemdesk_training.corpus import augment
from stemdesk_training.corpus.drawing import Drawing
from stemdesk_training.corpus.mixing import RandomMixes
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS

SECONDS = 0.7


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pool")
    rng = np.random.default_rng(5)
    for split in ("train", "valid"):
        (folder / split).mkdir()
        for stem in STEMS:
            for number in range(2):
                loud = rng.normal(0, 4000, (3 * RATE_HZ, 2))
                loud[: RATE_HZ // 2] = 0
                path = folder / split / f"{stem}_{number:02d}.npy"
                np.save(path, np.clip(loud, -32768, 32767).astype(np.int16))
    return folder


@pytest.fixture(scope="module")
def items(pool):
    return RandomMixes(pool, "train", SECONDS, seed=3).batch(0, 64)


def test_shape_and_type(items):
    assert items.shape == (64, 4, 2, round(SECONDS * RATE_HZ))
    assert items.dtype == np.float32


def test_the_same_key_gives_the_same_batch(pool):
    first = RandomMixes(pool, "train", SECONDS, seed=3)
    second = RandomMixes(pool, "train", SECONDS, seed=3)
    second.batch(7, 1)
    assert np.array_equal(first.batch(2, 3), second.batch(2, 3))


def test_an_item_does_not_depend_on_the_batch_size(pool):
    mixes = RandomMixes(pool, "train", SECONDS, seed=3)
    assert np.array_equal(mixes.batch(4, 1)[0], mixes.batch(4, 3)[0])


@pytest.mark.parametrize(("seed", "index"), [(3, 1), (4, 0)])
def test_another_key_gives_another_batch(pool, items, seed, index):
    other = RandomMixes(pool, "train", SECONDS, seed=seed).batch(index, 1)
    assert not np.array_equal(other[0], items[0])


@pytest.mark.parametrize("varied", [True, False])
def test_a_stem_can_be_made_louder(pool, varied):
    plain, louder = (
        RandomMixes(pool, "train", SECONDS, 3, Drawing(varied=varied, gains_db=gains)).batch(0, 16)
        for gains in ({}, {"vocals": 12.0})
    )
    powers = [np.sum(np.square(batch), axis=(2, 3)) for batch in (plain, louder)]
    both = (powers[0][:, 0] > 0) & (powers[0][:, 1] > 0)
    rises = [power[both, 0] / power[both, 1] for power in powers]
    # A limiter may act now that did not before, unlike on stems that sound at different times.
    assert np.median(10 * np.log10(rises[1] / rises[0])) == pytest.approx(12.0, abs=0.1)


def test_splits_differ(pool, items):
    other = RandomMixes(pool, "valid", SECONDS, seed=3).batch(0, 1)
    assert not np.array_equal(other[0], items[0])


def test_samples_are_finite_and_the_mixture_does_not_clip(items):
    assert np.isfinite(items).all()
    assert np.abs(items.sum(axis=1)).max() <= 1.0 + 1e-5


def test_levels_spread_like_masters(items):
    rms_db = 20 * np.log10(np.sqrt(np.mean(items.sum(axis=1) ** 2, axis=(1, 2))))
    assert rms_db.max() < -6
    assert rms_db.min() > -50
    assert np.ptp(rms_db) > 8


def test_absent_stems_are_exactly_silent_and_never_all(items):
    sounding = np.abs(items).max(axis=(2, 3)) > 0
    assert sounding.any(axis=1).all()
    assert (~sounding).any(axis=0).all(), "every stem is absent at times"
    assert sounding.any(axis=0).all()


def test_a_silent_pool_gives_silence_not_noise(tmp_path):
    (tmp_path / "train").mkdir()
    for stem in STEMS:
        np.save(tmp_path / "train" / f"{stem}_00.npy", np.zeros((RATE_HZ, 2), np.int16))
    batch = RandomMixes(tmp_path, "train", 0.5, seed=1).batch(0, 4)
    assert not batch.any()


def test_a_file_shorter_than_an_item_is_padded(tmp_path):
    (tmp_path / "train").mkdir()
    rng = np.random.default_rng(0)
    for stem in STEMS:
        noise = rng.integers(-9000, 9000, (RATE_HZ // 4, 2)).astype(np.int16)
        np.save(tmp_path / "train" / f"{stem}_00.npy", noise)
    batch = RandomMixes(tmp_path, "train", 0.5, seed=1).batch(0, 2)
    assert np.isfinite(batch).all()
    assert batch.any()


def test_a_missing_stem_is_named(tmp_path):
    (tmp_path / "train").mkdir()
    with pytest.raises(UserError, match="has no vocals in its folder train: make"):
        RandomMixes(tmp_path, "train", 1.0, seed=1)


def test_speed_keeps_the_length_and_moves_the_pitch():
    tone = np.sin(2 * np.pi * 1000 * np.arange(2 * RATE_HZ) / RATE_HZ)
    raw = np.repeat((8000 * tone)[:, None], 2, axis=1).astype(np.int16)
    moved = augment.at_speed(raw[: round(1.1 * RATE_HZ)], RATE_HZ)
    assert moved.shape == (2, RATE_HZ)
    spectrum = np.abs(np.fft.rfft(moved[0]))
    assert abs(int(np.argmax(spectrum)) - 1100) <= 1


def test_the_band_limit_removes_what_lies_above_and_keeps_silence():
    rng = np.random.default_rng(1)
    stems = rng.normal(0, 0.1, (4, 2, RATE_HZ)).astype(np.float32)
    stems[0] = 0
    before = np.abs(np.fft.rfft(stems[1, 0]))
    augment.band_limit(stems, 11_000)
    after = np.abs(np.fft.rfft(stems[1, 0]))
    assert not stems[0].any()
    assert after[13_000:].mean() < 0.003 * before[13_000:].mean()
    assert after[1000:9000].mean() == pytest.approx(before[1000:9000].mean(), rel=0.05)


def test_ducking_dips_after_a_hit_and_recovers():
    drums = np.zeros((2, RATE_HZ), np.float32)
    drums[:, 20_000:20_500] = 0.8
    gain = augment.ducking(np.random.default_rng(2), drums)
    assert gain[:19_000].min() > 0.99
    assert gain[20_300] < 0.8
    assert gain[-1] > gain[20_300]
    assert np.all(augment.ducking(np.random.default_rng(2), np.zeros_like(drums)) == 1)


def test_the_bus_gain_keeps_a_mixture_near_the_ceiling():
    rng = np.random.default_rng(1)
    mixture = rng.normal(0, 0.5, (2, RATE_HZ)).astype(np.float32)
    gain = augment.bus_gain(mixture, 0.5)
    assert gain.max() <= 1.0
    assert np.abs(mixture * gain).max() < 0.65


def test_drop_outs_are_hard_and_leave_the_rest():
    for seed in range(6):
        stem = np.ones((2, 5000), np.float32)
        augment.drop_out(np.random.default_rng(seed), stem)
        silent = stem[0] == 0
        assert 0 < silent.sum() < 5000
        assert np.mean((stem[0] == 0) | (stem[0] == 1)) > 0.95
        assert silent[0] != silent[-1]


@pytest.fixture(scope="module")
def with_song(pool, tmp_path_factory):
    """A pool with one song, whose stems click together every quarter of a second."""
    folder = tmp_path_factory.mktemp("songs")
    shutil.copytree(pool, folder, dirs_exist_ok=True)
    clicks = np.zeros((4 * RATE_HZ, 2), np.int16)
    clicks[:: RATE_HZ // 4] = 20_000
    for stem in STEMS:
        np.save(folder / "train" / f"song_000_{stem}.npy", clicks)
    # Not whole: its other stems were never written.
    np.save(folder / "train" / "song_001_vocals.npy", clicks)
    return folder


class TestSongs:
    def test_stems_of_a_song_stay_aligned(self, with_song):
        items = RandomMixes(with_song, "train", SECONDS, 3, Drawing(aligned=1.0)).batch(0, 24)
        compared = 0
        for stems in items:
            peaks = [int(np.argmax(np.abs(stem).max(axis=0))) for stem in stems if stem.any()]
            apart = [abs(a - peaks[0]) / RATE_HZ for a in peaks]
            # Clicks come every 0.25 s at speeds of 0.9 to 1.1.
            beats = [
                min(
                    abs(t - n * step)
                    for n in range(4)
                    for step in (0.25 / speed for speed in np.linspace(0.9, 1.1, 201))
                )
                for t in apart
            ]
            assert max(beats) < 0.002
            compared += len(peaks) - 1
        assert compared > 30

    def test_the_share_is_kept(self, with_song):
        def sparse(aligned):
            mixes = RandomMixes(with_song, "train", SECONDS, 3, Drawing(aligned=aligned))
            items = mixes.batch(0, 30)
            top = np.abs(items).max(axis=(1, 2, 3), keepdims=True)
            return np.mean(np.mean(np.abs(items) > 0.05 * top, axis=(1, 2, 3)) < 0.02)

        assert sparse(0.0) < 0.1
        assert 0.25 < sparse(0.5) < 0.75
        assert sparse(1.0) > 0.9

    def test_without_songs_all_mixes_are_random(self, pool, items):
        same = RandomMixes(pool, "train", SECONDS, 3, Drawing(aligned=1.0)).batch(0, 2)
        assert np.array_equal(same, items[:2])


@pytest.fixture
def instrumentals(pool, tmp_path):
    """One song with nothing but its band, and loose voices."""
    (tmp_path / "train").mkdir()
    shutil.copy(pool / "train/other_00.npy", tmp_path / "train/song_000_other.npy")
    shutil.copy(pool / "train/vocals_00.npy", tmp_path / "train/vocals_00.npy")
    return tmp_path


def test_instrumentals_get_voices_and_no_second_band(instrumentals):
    batch = RandomMixes(instrumentals, "train", SECONDS, 1, Drawing(aligned=1.0)).batch(0, 40)
    sounding = np.abs(batch).max(axis=(2, 3)) > 0
    sung, drums, bass, other = sounding.sum(axis=0)
    assert 25 <= sung < 40  # some moments stay without a voice
    assert (drums, bass) == (0, 0)
    assert other > 30


def test_mixes_of_loose_segments_need_drums_and_bass(instrumentals):
    with pytest.raises(UserError, match="no drums"):
        RandomMixes(instrumentals, "train", SECONDS, 1, Drawing(aligned=0.5))
