import pytest
import torch

from stemdesk_training.losses import waveforms as waveform_losses
from stemdesk_training.losses.waveforms import WAVEFORM_LOSSES, multiresolution_l1, waveform_l1

FRAMES = 12_000
RELATIVE = (waveform_l1, multiresolution_l1)  # to the mixture's level


@pytest.fixture
def stems():
    return torch.randn(2, 3, 2, FRAMES, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("loss", RELATIVE)
def test_it_is_zero_at_the_target_and_grows_with_the_error(loss, stems):
    assert loss(stems, stems) == 0
    near, far = (loss(stems * scale, stems) for scale in (0.9, 0.5))
    assert far == pytest.approx(5 * float(near), rel=1e-4)


@pytest.mark.parametrize("loss", RELATIVE)
def test_every_item_counts_alike_whatever_its_level(loss, stems):
    levels = torch.tensor([1.0, 0.01])[:, None, None, None]
    assert loss(stems * levels * 0.7, stems * levels) == pytest.approx(
        float(loss(stems * 0.7, stems)), rel=1e-3
    )


def test_the_squared_error_is_plain(stems):
    assert WAVEFORM_LOSSES["waveform_mse"](stems + 0.1, stems) == pytest.approx(0.01, rel=1e-4)


def test_the_waveform_loss_is_the_mean_error_over_the_mixtures_rms(stems):
    estimates = stems + 0.1
    rms = stems.sum(dim=1).square().mean(dim=(1, 2)).sqrt()
    assert waveform_l1(estimates, stems) == pytest.approx(float((0.1 / rms).mean()), rel=1e-4)


def test_an_error_that_lies_late_weighs_as_much_as_an_early_one(stems):
    click = torch.zeros_like(stems)
    early, late = click.clone(), click.clone()
    early[..., 5000], late[..., 7000] = 1, 1
    losses = [float(multiresolution_l1(stems + error, stems)) for error in (early, late)]
    assert losses[0] == pytest.approx(losses[1], rel=0.1)


def test_every_resolution_weighs_alike(stems, monkeypatch):
    noise = torch.randn_like(stems) * 0.1
    rms = stems.sum(dim=1).square().mean(dim=(1, 2)).sqrt()
    # Mean magnitude of a normal variable whose variance a Hann window shares with another.
    expected = 0.1 * (3 / 16) ** 0.5 * (2 / torch.pi) ** 0.5 / rms
    for length in waveform_losses.RESOLUTIONS:
        monkeypatch.setattr(waveform_losses, "RESOLUTIONS", (length,))
        loss = multiresolution_l1(stems + noise, stems)
        assert loss == pytest.approx(float(expected.mean()), rel=0.15), length


def test_a_phase_that_is_wrong_counts(stems):
    assert multiresolution_l1(-stems, stems) > multiresolution_l1(torch.zeros_like(stems), stems)


def test_silence_is_finite(stems):
    for loss in WAVEFORM_LOSSES.values():
        assert loss(torch.zeros_like(stems), torch.zeros_like(stems)).isfinite()
