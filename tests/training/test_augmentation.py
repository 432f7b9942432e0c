"""Augmentations of waveforms: each does what it says, as often as it says, and nothing else."""

import msgspec
import numpy as np
import pytest
import torch
from scipy import signal, stats

from stemdesk.separation.transform import StftSettings
from stemdesk_training.augmentation.augmenter import Augmenter
from stemdesk_training.augmentation.keys import Key
from stemdesk_training.augmentation.settings import (
    PRESETS,
    Augmentation,
    Colour,
    Drive,
    Eq,
    Factor,
    Kind,
    Level,
    Limiter,
    LowCut,
    Preset,
    Reverb,
    Width,
    augmentation_of,
)
from stemdesk_training.augmentation.waveforms import apply

RATE = 44_100
TRANSFORM = StftSettings(1024, 256, 1024)
KEY = Key(3, 7)
ALWAYS = {
    "channel_swap": Augmentation(channel_swap=Kind(probability=1)),
    "loudness": Augmentation(loudness=Factor(probability=1, factor=(0.7, 1.3))),
    "gain": Augmentation(gain=Level(probability=1)),
    "drive": Augmentation(drive=Drive(probability=1)),
    "colour": Augmentation(colour=Colour(probability=1)),
    "eq": Augmentation(eq=Eq(probability=1)),
    "low_cut": Augmentation(low_cut=LowCut(probability=1)),
    "width": Augmentation(width=Width(probability=1)),
    "reverb": Augmentation(reverb=Reverb(probability=1)),
    "polarity": Augmentation(polarity=Kind(probability=1)),
    "mono": Augmentation(mono=Kind(probability=1)),
    "limiter": Augmentation(limiter=Limiter(probability=1, ceiling_db=(-12, -6))),
}


@pytest.fixture
def stems():
    rng = np.random.default_rng(2)
    return torch.from_numpy(rng.normal(0, 0.2, (3, 4, 2, 6000)).astype(np.float32))


def decibels(ratio):
    return 20 * np.log10(np.abs(ratio))


@pytest.mark.parametrize("kind", [name for name in ALWAYS if name != "limiter"])
def test_what_is_done_to_the_stems_is_done_to_their_sum(stems, kind):
    alone = torch.zeros_like(stems)
    for place in range(stems.shape[1]):
        only = torch.zeros_like(stems)
        only[:, place] = stems[:, place]
        alone += apply(only, KEY, ALWAYS[kind])
    together = apply(stems, KEY, ALWAYS[kind])
    assert not torch.equal(together, stems)
    assert (alone.sum(dim=1) - together.sum(dim=1)).abs().max() < 1e-5


@pytest.mark.parametrize("kind", ALWAYS)
def test_batches_repeat_by_seed_and_index_and_are_left_as_they_are(stems, kind):
    before = stems.clone()
    first = apply(stems, Key(3, 7), ALWAYS[kind])
    assert torch.equal(stems, before)
    assert torch.equal(first, apply(stems, Key(3, 7), ALWAYS[kind]))
    if kind not in ("channel_swap", "polarity", "mono"):
        assert not torch.equal(first, apply(stems, Key(3, 8), ALWAYS[kind]))
        assert not torch.equal(first, apply(stems, Key(4, 7), ALWAYS[kind]))


def test_nothing_is_done_by_default(stems):
    augmenter = Augmenter(Augmentation(), 1, TRANSFORM)
    assert torch.equal(augmenter.waveforms(stems, 0), stems)


def test_channels_are_swapped_in_all_stems_of_an_item(stems):
    half = Augmentation(channel_swap=Kind(probability=0.5))
    many = stems[:1, :, :, :8].expand(200, -1, -1, -1)
    swapped = apply(many, KEY, half)
    is_swapped = [torch.equal(item, many[0].flip(1)) for item in swapped]
    is_same = [torch.equal(item, many[0]) for item in swapped]
    assert all(a != b for a, b in zip(is_swapped, is_same, strict=True))
    assert any(is_swapped)
    assert any(is_same)


def test_loudness_is_one_factor_for_an_item_within_its_range(stems):
    setting = Augmentation(loudness=Factor(probability=1, factor=(0.5, 0.7)))
    ratio = (apply(stems, KEY, setting) / stems).flatten(1)
    levels_db = decibels(ratio.double().mean(dim=1).numpy())
    assert (ratio.amax(dim=1) - ratio.amin(dim=1) < 1e-5).all()
    assert (levels_db > decibels(0.5)).all()
    assert (levels_db < decibels(0.7)).all()
    assert len(set(levels_db)) == len(stems)


def test_gain_and_polarity_are_each_stems_own(stems):
    setting = Augmentation(
        gain=Level(probability=1, gain_db=(-6, 6)), polarity=Kind(probability=0.5)
    )
    ratio = (apply(stems, KEY, setting) / stems).flatten(2)
    assert (ratio.amax(dim=2) - ratio.amin(dim=2) < 1e-4).all()
    found = ratio[..., 0].flatten().numpy()
    assert np.abs(decibels(found)).max() <= 6.001
    assert len(set(found)) == 12
    assert (found < 0).any()
    assert (found > 0).any()


def test_eq_is_a_shelf_or_a_bell_within_its_range():
    impulse = torch.zeros(40, 1, 2, 8192)
    impulse[..., 100] = 1
    made = apply(impulse, KEY, Augmentation(eq=Eq(probability=1, gain_db=(5, 8))))
    for item in made:
        response_db = decibels(np.fft.rfft(item[0, 0].numpy()))
        assert 4.5 < response_db.max() < 8.2
        assert response_db.min() > -0.7
        assert torch.equal(item[0, 0], item[0, 1])
    boosted = [int(np.abs(np.fft.rfft(item[0, 0].numpy())).argmax()) for item in made]
    assert len(set(boosted)) > 10


def test_a_colour_is_a_gain_for_every_half_octave_at_the_same_level():
    impulse = torch.zeros(30, 1, 2, RATE)
    impulse[..., RATE // 2] = 1  # rings on both sides
    made = apply(impulse, KEY, Augmentation(colour=Colour(probability=1, gain_db=(-9, 9))))
    assert torch.allclose(made.square().sum(dim=(1, 2, 3)), torch.tensor(2.0), rtol=1e-3)
    spectra_db = decibels(np.fft.rfft(made[:, 0, 0].numpy()))
    places_db = spectra_db[:, [round(40 * 2 ** (place / 2)) for place in range(18)]]
    # A level for all of the clip comes on top of the gains, which are drawn evenly.
    assert np.ptp(places_db, axis=1).max() < 18.3
    assert places_db.std(axis=1).mean() == pytest.approx(18 / np.sqrt(12), rel=0.1)
    # Neighbours have nothing in common, and what lies between them lies between theirs.
    steps_db = np.diff(places_db, axis=1)
    assert np.abs(np.corrcoef(places_db[:, 4:-1].ravel(), places_db[:, 5:].ravel())[0, 1]) < 0.2
    between_db = spectra_db[:, [round(40 * 2 ** (place / 2 + 0.25)) for place in range(17)]]
    share = ((between_db - places_db[:, :-1]) / steps_db)[np.abs(steps_db) > 3]
    assert share.min() > 0.1
    assert share.max() < 0.9
    # All of an impulse is where it was: no long ringing.
    near = made[:, 0, 0, RATE // 2 - 2205 : RATE // 2 + 2205].square().sum(dim=1)
    assert (near > 0.99).all()
    assert torch.equal(made[:, :, 0], made[:, :, 1])


def test_drive_adds_odd_harmonics_and_leaves_the_level():
    seconds = torch.arange(RATE) / RATE
    tone = 0.1 * torch.sin(2 * torch.pi * 500 * seconds).expand(12, 1, 2, -1)
    made = apply(tone, KEY, Augmentation(drive=Drive(probability=1, gain_db=(-12, 9))))
    assert torch.allclose(made.square().mean(dim=(1, 2, 3)), tone.square().mean(), rtol=1e-4)
    spectra = np.abs(np.fft.rfft(made[:, 0, 0].numpy()))
    thirds_db = decibels(spectra[:, 1500] / spectra[:, 500])
    assert (decibels(spectra[:, 1000] / spectra[:, 500]) < -80).all()
    assert thirds_db.min() < -30
    assert thirds_db.max() > -15
    silent = torch.zeros(1, 2, 2, 800)
    assert not apply(silent, KEY, ALWAYS["drive"]).any()
    assert not apply(silent, KEY, ALWAYS["colour"]).any()


def test_a_low_cut_takes_what_lies_under_its_corner():
    impulse = torch.zeros(20, 1, 2, RATE)
    impulse[..., RATE // 2] = 1  # rings on both sides
    made = apply(impulse, KEY, Augmentation(low_cut=LowCut(probability=1, frequency_hz=(60, 240))))
    corners_hz = set()
    for item in made:
        response_db = decibels(np.fft.rfft(item[0, 0].numpy()) + 1e-9)
        corner_hz = int(np.argmax(response_db > -3.01))
        corners_hz.add(corner_hz)
        assert 60 <= corner_hz <= 241
        assert response_db[corner_hz // 2] == pytest.approx(-24, abs=1.5)
        assert abs(response_db[4 * corner_hz]) < 0.1
        assert torch.equal(item[0, 0], item[0, 1])
    assert len(corners_hz) > 10


def test_a_width_moves_the_sides_and_leaves_the_middle(stems):
    made = apply(stems, KEY, Augmentation(width=Width(probability=1, gain_db=(-12, 6))))
    middle, side = (stems.mean(dim=2), stems[:, :, 0] - stems[:, :, 1])
    assert torch.allclose(made.mean(dim=2), middle, atol=1e-6)
    ratio = (made[:, :, 0] - made[:, :, 1]) / side
    heard = side.abs() > 0.01
    gains_db = decibels(torch.where(heard, ratio, torch.nan).nanmedian(dim=-1).values.numpy())
    assert gains_db.min() > -12.01
    assert gains_db.max() < 6.01
    assert np.ptp(gains_db) > 5
    mono = stems[:, :, :1]
    assert torch.equal(apply(mono, KEY, ALWAYS["width"]), mono)


def test_mono_is_all_stems_of_an_item_or_none(stems):
    many = stems[:1, :, :, :8].expand(200, -1, -1, -1)
    made = apply(many, KEY, Augmentation(mono=Kind(probability=0.25), gain=Level(probability=1)))
    is_mono = (made[:, :, 0] == made[:, :, 1]).all(dim=-1)
    assert torch.equal(is_mono.all(dim=1), is_mono.any(dim=1))
    assert 30 < int(is_mono.all(dim=1).sum()) < 70
    one = apply(stems, KEY, ALWAYS["mono"])
    assert torch.allclose(one[:, :, 0], stems.mean(dim=2))


def test_a_room_rings_on_for_as_long_as_it_says():
    impulse = torch.zeros(8, 1, 2, RATE)
    impulse[..., 0] = 1
    setting = Reverb(probability=1, decay_seconds=(0.5, 0.5), wet=(0.4, 0.4))
    made = apply(impulse, KEY, Augmentation(reverb=setting))
    tail = made[:, 0, :, 1:].double()
    room = tail.square().sum(dim=-1).sqrt()
    assert 0.15 < room.min() < room.max() < 0.4  # the walls take the highs of it
    energy = tail.square().mean(dim=(0, 1))[:22_050].reshape(10, -1).mean(dim=1)
    slope_db = np.polyfit(np.arange(10) * 0.05, 10 * np.log10(energy.numpy()), 1)[0]
    assert slope_db == pytest.approx(-60 / 0.5, rel=0.1)
    assert not torch.equal(tail[:, 0], tail[:, 1])


def test_the_room_is_as_long_at_any_rate():
    impulse = torch.zeros(8, 1, 1, RATE // 2)
    impulse[..., 0] = 1
    setting = Reverb(probability=1, decay_seconds=(0.5, 0.5), wet=(0.4, 0.4))
    made = apply(impulse, KEY, Augmentation(reverb=setting), RATE // 2)
    energy = made[:, 0, 0, 1:].double().square().mean(dim=0)[:11_000].reshape(10, -1).mean(dim=1)
    slope_db = np.polyfit(np.arange(10) * 0.05, 10 * np.log10(energy.numpy()), 1)[0]
    assert slope_db == pytest.approx(-60 / 0.5, rel=0.1)


def test_the_limiter_holds_the_peak_by_one_gain_for_all_stems(stems):
    loud = stems * 3
    limited = apply(loud, KEY, ALWAYS["limiter"])
    mixture = limited.sum(dim=1)
    assert (loud.sum(dim=1).abs().amax(dim=(1, 2)) > 1).all()
    assert (mixture.abs().amax(dim=(1, 2)) <= 10 ** (-6 / 20) + 1e-5).all()
    gain = limited / loud
    heard = loud.abs() > 0.05
    for item in range(len(loud)):
        for stem in range(1, 4):
            both = heard[item, 0] & heard[item, stem]
            assert torch.allclose(gain[item, 0][both], gain[item, stem][both], atol=1e-5)


COUNTED = {
    "channel_swap": ({"channel_swap": Kind(probability=0.3)}, 1),
    "loudness": ({"loudness": Factor(probability=0.3)}, 1),
    "gain": ({"gain": Level(probability=0.3)}, 4),
    "eq": ({"eq": Eq(probability=0.3)}, 4),
    "reverb": ({"reverb": Reverb(probability=0.3, decay_seconds=(0.01, 0.02))}, 4),
    "polarity": ({"polarity": Kind(probability=0.3)}, 4),
    "limiter": ({"limiter": Limiter(probability=0.3, ceiling_db=(-30, -20))}, 1),
}


@pytest.mark.parametrize("kind", COUNTED)
def test_it_is_done_as_often_as_is_set(kind):
    settings, stems_each = COUNTED[kind]
    rng = np.random.default_rng(4)
    items = 60 if kind in ("eq", "reverb") else 400
    stems = torch.from_numpy(rng.normal(0, 0.2, (items, 4, 2, 16)).astype(np.float32))
    done = total = 0
    for index in range(3):
        made = apply(stems, Key(1, index), Augmentation(**settings), 8000)
        changed = (made != stems).flatten(2).any(dim=2)
        if stems_each == 1:
            assert (changed.any(dim=1) == changed.all(dim=1)).all()
            changed = changed[:, :1]
        done, total = done + int(changed.sum()), total + changed.numel()
    observed, expected = [done, total - done], [0.3 * total, 0.7 * total]
    assert stats.chisquare(observed, expected).pvalue > 0.01


def test_one_kind_says_nothing_of_another():
    settings = Augmentation(
        channel_swap=Kind(probability=0.5), loudness=Factor(probability=0.5, factor=(0.5, 0.9))
    )
    stems = torch.tensor([1.0, 2.0])[None, None, :, None].expand(800, -1, -1, -1)
    made = apply(stems, KEY, settings)[:, 0, :, 0]
    swapped, quieter = made[:, 0] > made[:, 1], made.sum(dim=1) < 2.99
    table = [[int((swapped == a).logical_and(quieter == b).sum()) for a in (0, 1)] for b in (0, 1)]
    assert stats.chisquare(np.ravel(table)).pvalue > 0.01


def test_factors_are_drawn_evenly():
    stems = torch.ones(5000, 1, 1, 1)
    factors = apply(stems, KEY, ALWAYS["loudness"]).flatten().numpy()
    counts, _ = np.histogram(factors, bins=10, range=(0.7, 1.3))
    assert counts.sum() == 5000
    assert stats.chisquare(counts).pvalue > 0.01


def test_what_is_added_to_a_recipe_changes_nothing_of_what_was_there(stems):
    both = msgspec.structs.replace(ALWAYS["gain"], polarity=Kind(probability=1))
    assert torch.equal(apply(stems, KEY, both), -apply(stems, KEY, ALWAYS["gain"]))


def test_one_channel_and_other_rates_are_taken(stems):
    settings = Augmentation(**{name: getattr(ALWAYS[name], name) for name in ALWAYS})
    made = apply(stems[:, :, :1], KEY, settings, 8000)
    assert made.shape == (3, 4, 1, 6000)
    assert torch.isfinite(made).all()


class Recipe(msgspec.Struct):
    augmentation: Preset | Augmentation = "none"


def read(text):
    return augmentation_of(msgspec.toml.decode(text, type=Recipe).augmentation)


def test_a_recipe_names_a_preset_or_says_it_all():
    assert read("") == Augmentation()
    assert read('augmentation = "p5_stretch_30"').time_stretch == Factor(
        probability=0.5, factor=(0.7, 1.3)
    )
    told = read("[augmentation.gain]\nprobability = 1\ngain_db=[-3,0]")
    assert told == Augmentation(gain=Level(probability=1, gain_db=(-3, 0)))


def test_presets_are_the_papers():
    assert set(PRESETS) == set(Preset.__args__)
    combined = PRESETS["p5_combined_30"]
    for name in ("channel_swap", "time_stretch", "pitch_shift", "loudness"):
        assert getattr(combined, name).probability == 0.3
    for name in ("time_stretch", "pitch_shift", "loudness"):
        assert getattr(combined, name).factor == (0.7, 1.3)
        assert getattr(PRESETS["p5_combined_15"], name).factor == (0.85, 1.15)
    for name, preset in PRESETS.items():
        done = [kind for kind in ALWAYS if getattr(preset, kind).probability]
        assert not set(done) - {"channel_swap", "loudness"}, name


@pytest.mark.parametrize(
    "text",
    [
        "[augmentation.gain]\nprobability = 1.2",
        "[augmentation.gain]\ngain_db = [3, -3]",
        "[augmentation.time_stretch]\nfactor = [0.0, 1.0]",
        "[augmentation.eq]\nfrequency_hz = [0, 100]",
        "[augmentation.reverb]\ndecay_seconds = [0, 1]",
        "[augmentation.wobble]\nprobability = 1",
        'augmentation = "p6"',
    ],
)
def test_what_cannot_be_is_refused(text):
    with pytest.raises(msgspec.ValidationError):
        read(text)


def test_the_high_shelf_of_a_low_rate_stays_below_half_of_it():
    noise = torch.from_numpy(np.random.default_rng(1).normal(0, 0.1, (20, 1, 1, 8000))).float()
    setting = Augmentation(eq=Eq(probability=1, frequency_hz=(6000, 9000)))
    made = apply(noise, KEY, setting, 8000)
    _, power = signal.welch(made.numpy(), 8000)
    _, before = signal.welch(noise.numpy(), 8000)
    assert np.abs(10 * np.log10(power / before)).max() < 12
