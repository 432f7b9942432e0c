"""Mixes made on the device, here the processor: additive, repeatable, within bounds."""

import math
import shutil

import numpy as np
import pedalboard
import pytest
import torch

from stemdesk.errors import UserError
from stemdesk_training.corpus.drawing import Drawing
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.device.effects import (
    at_speed,
    ducking_gain,
    filtered,
    limiter_gain,
    pass_response,
    room_response,
    spectrum_frames,
    tone_response,
)
from stemdesk_training.device.mixing import DeviceMixes
from stemdesk_training.device.pool import DevicePool, Draws

CPU = torch.device("cpu")
SECONDS = 0.2
FRAMES = round(SECONDS * RATE_HZ)


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pool")
    rng = np.random.default_rng(5)
    for split in ("train", "valid"):
        (folder / split).mkdir()
        for stem in STEMS:
            for number in range(2):
                loud = rng.normal(0, 4000, (2 * RATE_HZ, 2))
                np.save(
                    folder / split / f"{stem}_{number:02d}.npy",
                    np.clip(loud, -32768, 32767).astype(np.int16),
                )
    return folder


@pytest.fixture(scope="module")
def songs(tmp_path_factory, pool):
    """A pool whose songs hold the same ramp in every stem, so that places can be told."""
    folder = tmp_path_factory.mktemp("songs") / "pool"
    shutil.copytree(pool, folder)
    ramp = np.linspace(1000, 20_000, RATE_HZ).astype(np.int16)
    for number in range(2):
        for stem in STEMS:
            path = folder / "train" / f"song_{number:02d}_{stem}.npy"
            np.save(path, np.stack([ramp, ramp], axis=1))
    return folder


@pytest.fixture(scope="module")
def mixes(pool):
    return DeviceMixes(pool, SECONDS, seed=3, size=16, device=CPU)


@pytest.fixture(scope="module")
def items(mixes):
    return mixes.batch(0)


def test_shape_and_type(items):
    assert items.shape == (16, 4, 2, FRAMES)
    assert items.dtype == torch.float32


def test_the_same_key_gives_the_same_batch_in_any_order(pool, mixes, items):
    mixes.batch(7)
    assert torch.equal(mixes.batch(0), items)
    assert not torch.equal(mixes.batch(1), items)
    other = DeviceMixes(pool, SECONDS, seed=4, size=16, device=CPU)
    assert not torch.equal(other.batch(0), items)


def test_a_resumed_run_sees_what_it_would_have_seen(mixes, items):
    resumed = mixes.starting_at(0)
    assert torch.equal(next(resumed), items)
    assert torch.equal(next(resumed), mixes.batch(1))


def test_samples_are_finite_and_the_mixture_does_not_clip(items):
    assert items.isfinite().all()
    assert items.sum(dim=1).abs().max() <= 1.0 + 1e-5


def test_levels_spread_like_masters(items):
    rms_db = 20 * items.sum(dim=1).square().mean(dim=(1, 2)).sqrt().log10()
    assert rms_db.max() < -6
    assert rms_db.max() - rms_db.min() > 8


def test_stems_are_absent_at_times_and_never_all(items):
    sounding = items.abs().amax(dim=(2, 3)) > 0
    assert sounding.any(dim=1).all()
    assert (~sounding).any()


def test_a_stem_can_be_made_louder(pool, items):
    drawing = Drawing(gains_db={"drums": 12.0})
    louder = DeviceMixes(pool, SECONDS, 3, 16, CPU, drawing).batch(0)
    shares = [mixes.square().sum(dim=(2, 3)) for mixes in (items, louder)]
    both = (shares[0][:, 1] > 0) & (shares[0][:, 3] > 0)
    rises = [(share[:, 1] / share[:, 3])[both] for share in shares]
    rise_db = 10 * (rises[1] / rises[0]).log10()
    assert rise_db.median() == pytest.approx(12.0, abs=0.1)


def test_the_stems_of_a_song_stay_together(songs):
    pool = DevicePool(songs, "train", CPU)
    assert pool.has_songs
    clips = pool.songs(Draws(1, 6, CPU), torch.tensor([1.0, 0.9, 1.1] * 2), 500)
    assert clips.shape == (6, 4, 2, 500)
    assert torch.equal(clips, clips[:, :1].expand_as(clips)), "every stem from the same moment"
    assert len({float(clip[0, 0, 0]) for clip in clips}) == 6, "every item from its own"


def test_mixes_of_a_pool_with_songs_hold_some(pool, songs, items):
    mixed = DeviceMixes(songs, SECONDS, seed=3, size=16, device=CPU).batch(0)
    assert mixed.isfinite().all()
    assert not torch.equal(mixed, items)
    # Above 2 kHz a ramp has nothing, noise nearly all.
    spectrum = torch.fft.rfft(mixed * torch.hann_window(FRAMES)).abs().square()
    high = spectrum[..., 400:].sum(dim=(1, 2, 3)) / spectrum.sum(dim=(1, 2, 3))
    assert 2 <= int((high < 0.1).sum()) <= 12


def test_a_missing_stem_is_named(tmp_path):
    (tmp_path / "train").mkdir()
    with pytest.raises(UserError, match="has no vocals in its folder train: make"):
        DevicePool(tmp_path, "train", CPU)


def test_excerpts_that_sound_are_preferred(tmp_path):
    (tmp_path / "train").mkdir()
    half = np.zeros((20 * RATE_HZ, 2), np.int16)
    half[: 5 * RATE_HZ] = 8000
    for stem in STEMS:
        np.save(tmp_path / "train" / f"{stem}_00.npy", half)
    draws = Draws(1, 200, CPU)
    clips = DevicePool(tmp_path, "train", CPU).excerpts("bass", draws, torch.ones(200), 100)
    share = (clips.abs().amax(dim=(1, 2)) > 0.1).float().mean()
    assert 0.55 < share < 0.8, "a quarter sounds; four draws find it in two thirds"


def test_at_the_originals_speed_an_excerpt_is_the_original():
    samples = torch.randint(-32768, 32767, (2, 1000), dtype=torch.int16)
    clips = at_speed(samples, torch.tensor([0, 500]), torch.ones(2), 400)
    assert torch.equal(clips[1], samples[:, 500:900].float() / 32768)


def test_speed_moves_the_pitch():
    tone = torch.sin(2 * math.pi * 1000 * torch.arange(2 * RATE_HZ) / RATE_HZ)
    samples = (8000 * tone).short().expand(2, -1)
    moved = at_speed(samples, torch.tensor([40]), torch.tensor([1.1]), RATE_HZ)[0, 0]
    spectrum = torch.fft.rfft(moved * torch.hann_window(RATE_HZ)).abs()
    assert int(spectrum.argmax()) == 1100
    assert spectrum[1150:].max() < 1e-3 * spectrum.max(), "no sidebands of the interpolation"


@pytest.mark.parametrize(
    ("kind", "plugin"),
    [
        (0, pedalboard.LowShelfFilter(900, 6.0, 0.7)),
        (1, pedalboard.HighShelfFilter(900, 6.0, 0.7)),
        (2, pedalboard.PeakFilter(900, 6.0, 0.7)),
    ],
)
def test_tone_is_that_of_a_known_filter(kind, plugin):
    clip = np.zeros((2, 8192), np.float32)
    clip[:, 0] = 1
    bins = spectrum_frames(8192) // 2 + 1
    response = tone_response(
        bins, torch.tensor([kind]), torch.tensor([900 / RATE_HZ]), torch.tensor([6.0])
    )
    ours = filtered(torch.from_numpy(clip)[None], response)[0].numpy()
    assert np.abs(ours - plugin(clip, RATE_HZ)).max() < 1e-3


def test_pass_filters_keep_one_side():
    noise = torch.randn(1, 2, RATE_HZ)
    bins = spectrum_frames(RATE_HZ) // 2 + 1
    cutoff = torch.tensor([5000 / RATE_HZ])
    before = torch.fft.rfft(noise).abs()[0, 0]
    low = torch.fft.rfft(filtered(noise, pass_response(bins, cutoff, 24))).abs()[0, 0]
    high = torch.fft.rfft(filtered(noise, pass_response(bins, cutoff, -4))).abs()[0, 0]
    assert low[7000:].mean() < 0.01 * before[7000:].mean()
    assert low[:4000].mean() == pytest.approx(float(before[:4000].mean()), rel=0.02)
    assert high[:2000].mean() < 0.1 * before[:2000].mean()


def test_a_room_rings_after_the_sound_and_dry_is_dry():
    click = torch.zeros(2, 2, RATE_HZ)
    click[..., 100] = 1
    wet, decay = torch.tensor([0.5, 0.0]), torch.full((2,), 0.5 * RATE_HZ)
    response = room_response(torch.randn(2, 2, RATE_HZ), decay, wet, spectrum_frames(RATE_HZ))
    heard = filtered(click, response)
    assert heard[0, :, 101:].square().sum() > 0.01
    assert heard[0, :, 25_000:].abs().max() < 1e-3, "60 dB down after half a second"
    assert (heard[0, 0] - heard[0, 1]).abs().max() > 0.01, "it is wide"
    torch.testing.assert_close(heard[1], click[1], atol=1e-5, rtol=0)


def test_the_limiter_keeps_a_mixture_near_its_ceiling():
    mixture = torch.randn(2, 2, RATE_HZ) * 0.5
    gain = limiter_gain(mixture, torch.tensor([0.5, 100.0]))
    assert (mixture * gain)[0].abs().max() < 0.65
    assert torch.equal(gain[1], torch.ones_like(gain[1]))


def test_ducking_dips_after_a_hit_and_recovers():
    drums = torch.zeros(2, 2, RATE_HZ)
    drums[0, :, 20_000:20_500] = 0.8
    gain = ducking_gain(drums, torch.full((2,), 0.9), torch.full((2,), 0.1))
    assert gain[0, 0, :19_000].min() > 0.99
    assert gain[0, 0, 20_300] < 0.3
    assert 0.2 < gain[0, 0, 22_500] < 0.6, "still on its way back"
    assert gain[0, 0, -1] > 0.95
    assert gain[1].min() > 0.999
