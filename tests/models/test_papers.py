"""The papers' networks: their size, their shapes, and what each bin of the answer depends on."""

import numpy as np
import pytest
import torch

from stemdesk.separation.mask_settings import MaskSettings
from stemdesk.separation.masks import masks_for
from stemdesk.separation.stft import stft
from stemdesk.separation.transform import StftSettings
from stemdesk_models import lin2018, open_unmix, pretet2018, roma2018, simpson2015, wave_unmix


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)
    torch.manual_seed(0)


def spectrum(bins, steps, batch=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(batch, 2, bins, steps, generator=generator, dtype=torch.complex64)


def parameters(network):
    return sum(value.numel() for value in network.parameters())


@pytest.mark.parametrize(
    ("make", "count"),
    [
        (simpson2015.KaraokeDnn, 2 * 20_500 * 2048 + 2048),
        (roma2018.RomaCnn, 33_626_456),
        (roma2018.RomaDnn, 37_830_700),
        (lin2018.VoiceCnn, 19_489_049),
        (pretet2018.UNet, 9_822_725),
        (pretet2018.MMDenseNet, 732_427),
        (lambda: open_unmix.OpenUnmix("lstm"), 8_893_348),
        (lambda: open_unmix.OpenUnmix("transformer"), 13_619_620),
        (wave_unmix.WaveUnmix, 6_883_718),
    ],
)
def test_the_stated_number_of_parameters(make, count):
    assert parameters(make()) == count


def test_the_full_deep_karaoke_and_the_densenet_are_as_large_as_stated():
    with torch.device("meta"):
        full = simpson2015.KaraokeDnn(simpson2015.FULL_HIDDEN)
    assert parameters(full) == pytest.approx(840.5e6, abs=0.05e6)
    assert parameters(pretet2018.DenseNet()) == pytest.approx(509_031, rel=0.02)


NETWORKS = {
    "simpson": (lambda: simpson2015.KaraokeDnn(64), 1025, MaskSettings("binary", 2)),
    "cnn1": (roma2018.RomaCnn, 1025, MaskSettings("sigmoid", 4)),
    "cnn2": (roma2018.RomaCnn, 1025, MaskSettings("binary", 4)),
    "dnn": (roma2018.RomaDnn, 1025, MaskSettings("sigmoid", 4)),
    "lin": (lambda: lin2018.VoiceCnn(0.15), 2049, MaskSettings("ratio", 2)),
    "umx": (open_unmix.OpenUnmix, 2049, MaskSettings("ratio", 2)),
    "transformer": (lambda: open_unmix.OpenUnmix("transformer"), 2049, MaskSettings("ratio", 2)),
    "wave": (wave_unmix.WaveUnmix, 513, MaskSettings("spectrum", 2)),
    "unet": (pretet2018.UNet, 1025, MaskSettings("ratio", 2, multiple_of=64)),
    "densenet": (pretet2018.DenseNet, 1025, MaskSettings("ratio", 2, multiple_of=8)),
    "mmdensenet": (pretet2018.MMDenseNet, 1025, MaskSettings("ratio", 2, multiple_of=8)),
}


SLOW = ("unet", "densenet", "mmdensenet")  # and one of a batch is no other than one alone


@pytest.mark.parametrize(
    ("name", "batch", "steps"),
    [
        (name, *shape)
        for name in NETWORKS
        for shape in ((1, 1), (2, 7))
        if shape[0] == 1 or name not in SLOW
    ],
)
def test_any_length_becomes_masks_that_sum_to_one(name, batch, steps):
    make, bins, settings = NETWORKS[name]
    network = make().eval()
    mixture = spectrum(bins, steps, batch)
    with torch.inference_mode():
        masks = masks_for(settings, network, mixture)
    assert masks.shape == (batch, settings.stems, 2, bins, steps)
    assert torch.allclose(masks.sum(dim=1), torch.ones(()).to(masks.dtype), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("simpson", 19, 19), ("cnn1", 5, 5), ("dnn", 2, 2), ("lin", 4, 4)],
)
def test_a_step_depends_on_the_frames_of_its_windows_and_no_other(name, before, after):
    make, bins, _ = NETWORKS[name]
    network = make().eval()
    steps, middle = before + after + 5, before + 2
    mixture = spectrum(bins, steps)[:, :1]
    other = mixture.clone()
    other[..., middle] *= 3
    with torch.inference_mode():
        moved = (network(mixture) - network(other)).abs().amax(dim=(0, 1, 2, 3)) > 0
    assert torch.where(moved)[0].tolist() == list(range(2, steps - 2))


@pytest.mark.parametrize("name", ["simpson", "cnn1", "dnn", "lin"])
def test_channels_know_nothing_of_each_other(name):
    make, bins, _ = NETWORKS[name]
    network = make().eval()
    mixture = spectrum(bins, 9)
    with torch.inference_mode():
        both = network(mixture)
        swapped = network(mixture.flip(1))
    assert torch.allclose(both, swapped.flip(2), atol=1e-6)


def test_simpson_is_the_mean_of_the_twenty_windows_that_see_a_bin():
    network = simpson2015.KaraokeDnn(32).eval()
    mixture = spectrum(1025, 150)[:, :1]
    padded = np.pad(mixture.abs().numpy()[0, 0].T, ((19, 19), (0, 0)))
    expected = np.zeros((150, 1025))
    with torch.inference_mode():
        for step in (0, 1, 70, 149):
            seen = []
            for place in range(20):
                first = step + 19 - place
                rows = torch.from_numpy(padded[first : first + 20])[None]
                seen.append(network.scores(rows).sigmoid()[0, place].numpy())
            expected[step] = np.mean(seen, axis=0)
        found = network(mixture)[0, 0, 0].numpy().T
    for step in (0, 1, 70, 149):
        assert found[step] == pytest.approx(expected[step], abs=1e-6)


def test_lin_keeps_the_middle_frame_and_zeroes_what_is_below_theta():
    network = lin2018.VoiceCnn().eval()
    mixture = spectrum(2049, 12)[:, :1]
    rows = mixture.abs()[0, 0].T[2:11][None]
    with torch.inference_mode():
        expected = network.scores(rows)[0, 4].sigmoid()
        found = network(mixture)[0, 0, 0, :, 6]
        theta = float(expected.median())
        network.theta = theta
        gated = network(mixture)[0, 0, 0, :, 6]
    assert torch.allclose(found, expected, atol=1e-6)
    assert torch.allclose(gated, torch.where(expected < theta, 0.0, expected), atol=1e-6)
    assert 0.4 < float((gated == 0).float().mean()) < 0.6
    with pytest.raises(ValueError, match="theta"):
        lin2018.VoiceCnn(1.0)


def test_statistics_give_the_dnn_zero_mean_and_unit_variance():
    network = roma2018.RomaDnn().eval()
    magnitudes = 300 * torch.rand(4, 200, 1025) + 50
    network.take_statistics(magnitudes.transpose(1, 2)[:, None])
    seen = []
    network.into.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    with torch.inference_mode():
        network.scores((roma2018.SCALE * magnitudes)[:, 10:15])
        network.scores((roma2018.SCALE * magnitudes)[:, 60:65])
    values = torch.cat(seen)
    assert abs(float(values.mean())) < 0.05
    assert float(values.std()) == pytest.approx(1, abs=0.05)
    assert {"mean", "deviation"} <= set(network.state_dict())


def test_open_unmix_standardises_what_it_reads_and_scales_the_mixture():
    network = open_unmix.OpenUnmix().eval()
    magnitudes = 40 * torch.rand(2, 2, 2049, 30) + 10
    network.take_statistics(magnitudes)
    read = magnitudes[:, :, :1487].movedim(2, -1) + network.input_mean.detach()
    read = read * network.input_scale.detach()
    assert abs(float(read.mean())) < 1e-3
    assert float(read.std()) == pytest.approx(1, abs=0.02)
    quiet, loud = spectrum(2049, 5), 1e-3 * spectrum(2049, 5)
    with torch.inference_mode():
        network.output_mean.data[:] = 0.5
        network.output_scale.data[:] = 0.0
        assert torch.allclose(network(quiet)[:, 0], 0.5 * quiet.abs())
        assert torch.allclose(network(loud)[:, 0], 0.5 * loud.abs())


def test_open_unmix_hears_nothing_above_16_khz_but_answers_for_it():
    network = open_unmix.OpenUnmix().eval()
    mixture = spectrum(2049, 5)
    other = mixture.clone()
    other[:, :, 1487:] *= 2
    with torch.inference_mode():
        first, second = network(mixture), network(other)
    assert torch.equal(first[..., :1487, :], second[..., :1487, :])
    assert torch.allclose(2 * first[..., 1487:, :], second[..., 1487:, :])


def test_positions_tell_steps_apart():
    places = open_unmix.positions(400, 64, torch.zeros(1))
    assert places.shape == (400, 64)
    assert places[0, 0::2].abs().max() == 0
    assert places[0, 1::2].min() == 1
    assert torch.pdist(places).min() > 0.1


def test_the_unet_gives_a_part_of_the_mixture_for_each_bin():
    network = pretet2018.UNet().eval()
    mixture = spectrum(1025, 64)
    with torch.inference_mode():
        found = network(mixture)
    assert found.shape == (1, 1, 2, 1024, 64)
    share = found[:, 0] / mixture[:, :, :1024].abs()
    assert 0 < float(share.min()) < float(share.max()) < 1


def test_the_wave_network_gives_the_spectrum_of_its_waveform():
    network = wave_unmix.WaveUnmix().eval()
    settings = StftSettings(1024, 256, 1024)
    wave = 0.1 * torch.randn(1, 2, 255 * 40, generator=torch.Generator().manual_seed(3))
    with torch.inference_mode():
        mixture = stft(wave, settings)
        steps = mixture.shape[-1]
        found = network(mixture)[:, 0]
        frames = (steps - 1) * 256
        padded = torch.nn.functional.pad(wave, (0, frames - wave.shape[-1]))
        expected = stft(network.waveform(padded), settings)[..., :steps]
    inner = slice(4, steps - 4)
    assert torch.allclose(found[..., inner], expected[..., inner], atol=2e-3)
    assert found.abs().max() > 0.01


@pytest.mark.parametrize("name", ["simpson", "cnn1", "dnn", "lin", "umx", "wave", "unet"])
def test_every_parameter_learns(name):
    make, bins, _ = NETWORKS[name]
    network = make().train()
    mixture = spectrum(bins, 64 if name == "unet" else 6, batch=2 if name == "umx" else 1)
    raw = network(mixture)
    loss = torch.view_as_real(raw).square().mean() if raw.is_complex() else raw.square().mean()
    torch.autograd.backward(loss)
    idle = [
        key
        for key, value in network.named_parameters()
        if value.grad is None or not value.grad.abs().max() > 0
    ]
    assert idle == []
