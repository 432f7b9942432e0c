"""What a model is given to learn from: its stems, channels, rate and balance."""

import shutil

import msgspec
import numpy as np
import pytest
import torch

from stemdesk.errors import UserError
from stemdesk.separation.card import Chunking
from stemdesk_training.corpus.mixing import RandomMixes
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.feed import Feed
from stemdesk_training.mixes.model_mixes import ModelMixes, stem_sums
from stemdesk_training.recipe import Data, Model, Optimiser, Recipe

MODEL = Model(
    id="m",
    title="M",
    network="bandmask",
    stems=list(STEMS),
    masks="softmax",
    chunk=Chunking(64, 8),
    licence="GPL-3.0-or-later",
)
DATA = Data(seconds=1.0, batch=2)
TONES_HZ = {"vocals": 1000, "drums": 3000, "bass": 100, "other": 500}


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    """Every stem a tone of its own, louder on the right."""
    folder = tmp_path_factory.mktemp("pool")
    (folder / "train").mkdir()
    time_s = np.arange(3 * RATE_HZ) / RATE_HZ
    for stem, hz in TONES_HZ.items():
        tone = np.sin(2 * np.pi * hz * time_s)
        both = np.stack((2000 * tone, 6000 * tone), axis=1).astype(np.int16)
        np.save(folder / "train" / f"{stem}_00.npy", both)
    return folder


def batch(pool, size=2, model=None, **data):
    model = msgspec.structs.replace(MODEL, **(model or {}))
    data = msgspec.structs.replace(DATA, varied=False, **data)
    return ModelMixes(model, data, pool, "train", 1.0, 5).batch(0, size)


def peak_hz(samples, rate=RATE_HZ):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return spectrum.argmax() * rate / len(samples)


def test_four_stems_at_the_pools_rate_are_the_pools_mixes(pool):
    varied = ModelMixes(MODEL, DATA, pool, "train", 1.0, 5).batch(3, 2)
    assert (varied == RandomMixes(pool, "train", 1.0, 5).batch(3, 2)).all()


@pytest.mark.parametrize("mixing", ["host", "device"])
def test_excerpts_play_within_the_speeds_that_are_asked_for(pool, mixing):
    factors = {}
    for speed in ((0.9, 1.1), (0.7, 1.4)):
        data = msgspec.structs.replace(DATA, mixing=mixing, speed=speed, batch=12)
        if mixing == "host":
            stems = ModelMixes(MODEL, data, pool, "train", 1.0, 5).batch(0, 12)
        else:
            recipe = Recipe(model=MODEL, data=data, optimiser=Optimiser(steps=1))
            with Feed(recipe, pool, torch.device("cpu"), 0, 1) as feed:
                feed.seek(0)
                stems = next(feed).numpy()
        heard = [samples for samples in stems[:, 2, 0] if np.abs(samples).max() > 1e-3]
        factors[speed] = [peak_hz(samples) / TONES_HZ["bass"] for samples in heard]
    bin_width = 0.01  # of a second at 100 Hz
    for (least, most), found in factors.items():
        assert least - bin_width <= min(found)
        assert max(found) <= most + bin_width
    assert np.ptp(factors[0.7, 1.4]) > 0.4


def test_held_out_mixes_play_at_the_usual_speeds(pool):
    shutil.copytree(pool / "train", pool / "valid", dirs_exist_ok=True)
    faster = msgspec.structs.replace(DATA, speed=(1.3, 1.4))
    usual, held_out = (ModelMixes(MODEL, data, pool, "valid", 1.0, 5) for data in (DATA, faster))
    assert (usual.batch(0, 4) == held_out.batch(0, 4)).all()


@pytest.mark.parametrize("speed", [(1.1, 0.9), (0.0, 1.0), (1.0, float("inf"))])
def test_speeds_that_are_none_are_refused(speed):
    with pytest.raises(ValueError, match=r"speed must be two factors, 0\.5 to 2\.0"):
        Data(seconds=1.0, batch=1, speed=speed)


def test_a_speed_of_mixes_that_are_not_varied_is_refused():
    with pytest.raises(ValueError, match="varied"):
        Data(seconds=1.0, batch=1, speed=(0.8, 1.25), varied=False)


def test_gains_are_for_training_alone(pool):
    plain, louder = batch(pool), batch(pool, gains_db={"bass": 6.0})
    assert np.allclose(louder[:, 2], plain[:, 2] * 10 ** (6 / 20), atol=1e-6)
    assert (louder[:, :2] == plain[:, :2]).all()


def test_the_rest_is_everything_that_has_no_name(pool):
    item = batch(pool, model={"stems": ["accompaniment", "vocals"]})[0]
    assert peak_hz(item[1, 0]) == pytest.approx(1000, abs=2)
    single = batch(pool)[0]
    assert np.allclose(item[0], single[1] + single[2] + single[3], atol=1e-6)
    assert (stem_sums(["drums", "other"]) == [[0, 1, 0, 0], [1, 0, 1, 1]]).all()
    with pytest.raises(UserError, match="'flute'"):
        stem_sums(["vocals", "flute"])
    with pytest.raises(UserError, match="No stem of the model holds the other"):
        stem_sums(["vocals", "drums", "bass"])


def test_one_channel_is_the_left_of_one_item_and_the_right_of_the_next(pool):
    items = batch(pool, model={"channels": 1})
    assert items.shape == (2, 4, 1, RATE_HZ)
    levels = np.sqrt((items**2).mean(axis=(2, 3)))
    assert np.allclose(levels[1] / levels[0], 3, rtol=0.01)


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_another_rate_keeps_pitch_length_and_level(pool, rate):
    item = batch(pool, model={"sample_rate": rate})[0]
    assert item.shape == (4, 2, rate)
    for place, stem in enumerate(STEMS):
        assert peak_hz(item[place, 1], rate) == pytest.approx(TONES_HZ[stem], abs=2)
        assert np.abs(item[place, 1, 500:-500]).max() == pytest.approx(6000 / 32768, rel=0.02)


def test_equal_peaks_of_voice_and_rest(pool):
    item = batch(pool, model={"stems": ["vocals", "accompaniment"]}, balance="peak")[0]
    peaks = np.abs(item).max(axis=(1, 2))
    assert peaks[0] == pytest.approx(peaks[1], rel=1e-4)
    assert np.abs(item.sum(axis=0)).max() == pytest.approx(1.0, rel=1e-4)


def test_some_rows_of_a_batch_are_those_rows(pool):
    mixes = ModelMixes(MODEL, DATA, pool, "train", 1.0, 5)
    whole = mixes.batch(2, 4)
    assert (mixes.batch(2, 4, slice(1, 3)) == whole[1:3]).all()


def test_augmentation_is_for_training_only(pool):
    import shutil

    plain, changed = batch(pool), batch(pool, augmentation="p5_pitch_30", size=6)
    pitches = [peak_hz(item[0, 1]) for item in changed]
    assert peak_hz(plain[0, 0, 1]) == pytest.approx(1000, abs=2)
    assert any(abs(hz - 1000) > 50 for hz in pitches)
    shutil.copytree(pool / "train", pool / "valid", dirs_exist_ok=True)
    data = msgspec.structs.replace(DATA, varied=False, augmentation="p5_pitch_30")
    held = ModelMixes(MODEL, data, pool, "valid", 1.0, 5).batch(0, 6)
    assert all(peak_hz(item[0, 1]) == pytest.approx(1000, abs=2) for item in held)


def test_a_stretch_finds_its_ends_in_the_song_itself(tmp_path):
    """Never mirrored: what rises goes on rising, however much shorter it is made."""
    (tmp_path / "train").mkdir()
    time_s = np.arange(20 * RATE_HZ) / RATE_HZ
    rising = np.sin(2 * np.pi * (300 + 200 * time_s) * time_s)  # 400 Hz a second
    for stem in STEMS:
        both = np.stack((6000 * rising, 6000 * rising), axis=1).astype(np.int16)
        np.save(tmp_path / "train" / f"{stem}_00.npy", both)
    data = msgspec.structs.replace(DATA, varied=False, augmentation="p5_stretch_30")
    items = ModelMixes(MODEL, data, tmp_path, "train", 1.0, 5).batch(0, 12)
    pace_hz = []
    for item in items[:, 0, 0]:
        heard = [peak_hz(np.pad(part, (0, 7 * len(part)))) for part in np.split(item, 10)]
        assert np.all(np.diff(heard) > 15)
        pace_hz.append(heard[-1] - heard[0])
    assert max(pace_hz) > 1.15 * min(pace_hz)  # some were stretched
