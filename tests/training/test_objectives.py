"""What training minimises: every loss by hand, every kind of network towards its target."""

import math

import pytest
import torch

from stemdesk.errors import UserError
from stemdesk.separation.card import Chunking
from stemdesk.separation.checkpoint import build_network
from stemdesk.separation.stft import stft
from stemdesk_training.losses import magnitudes as magnitude_losses
from stemdesk_training.losses import windows as window_losses
from stemdesk_training.losses.objective import Objective
from stemdesk_training.losses.windows import WINDOW_LOSSES, WindowLoss
from stemdesk_training.recipe import Data, Model, Optimiser, Recipe, Windows

TWO, FOUR = ["vocals", "accompaniment"], ["vocals", "drums", "bass", "other"]
CPU = torch.device("cpu")
SHORT = {"sample_rate": 22_050, "n_fft": 2048, "hop": 512, "win_length": 2048}
WINDOWED = {**SHORT, "hop": 256, "channels": 1}
PADDED = {**WINDOWED, "n_fft": 4096, "win_length": 1024, "song_peak": True}
KARAOKE = {**SHORT, "channels": 1, "song_peak": True, "options": {"hidden": 16}}


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(before)


def recipe(network, stems, masks, losses, windows=None, **model):
    model = Model(
        id="m",
        title="M",
        network=network,
        stems=stems,
        masks=masks,
        licence="GPL-3.0-or-later",
        **{"chunk": Chunking(64, 8), **model},
    )
    data, optimiser = Data(seconds=1.0, batch=1), Optimiser(steps=1)
    windows = windows or Windows()
    return Recipe(model=model, data=data, optimiser=optimiser, losses=losses, windows=windows)


def tones(stems, channels, frames, rate):
    """A chord for each stem, `[1, stems, channels, frames]`."""
    time_s = torch.arange(frames) / rate
    sounds = [
        sum(torch.sin(2 * math.pi * k * 150 * (place + 1.3) * time_s) / k for k in (1, 2, 3))
        for place in range(len(stems))
    ]
    return 0.1 * torch.stack(sounds)[None, :, None].expand(-1, -1, channels, -1).contiguous()


X = torch.tensor([1.0, 4.0, 0.0]).view(1, 1, 1, 3, 1)
Y = torch.tensor([2.0, 1.0, 0.5]).view(1, 1, 1, 3, 1)
F = magnitude_losses.FLOOR
BY_HAND = {
    "magnitude_l1": (1 + 3 + 0.5) / 3,
    "magnitude_mse": (1 + 9 + 0.25) / 3,
    "magnitude_kl": (
        (math.log(0.5) + 1) + (4 * math.log(4) - 3) + (F * math.log(F / 0.5) + 0.5 - F)
    )
    / 3,
    "magnitude_is": (
        (0.5 - math.log(0.5) - 1) + (4 - math.log(4) - 1) + (2 * F - math.log(2 * F) - 1)
    )
    / 3,
    "magnitude_log_mse": (math.log(2) ** 2 + math.log(4) ** 2 + math.log(0.5 / F) ** 2) / 3,
}


@pytest.mark.parametrize("name", BY_HAND)
def test_magnitude_losses_by_hand(name):
    loss = magnitude_losses.MAGNITUDE_LOSSES[name]
    assert float(loss(Y, X)) == pytest.approx(BY_HAND[name], rel=1e-5)
    assert float(loss(X + 1, X + 1)) == pytest.approx(0, abs=1e-6)


def test_window_losses_by_hand():
    sources = torch.tensor([[[[3.0, 1.0]], [[1.0, 2.0]]]])  # one window, two stems, one frame
    logits = torch.tensor([[[2.0, -1.0]]])
    sigmoid = torch.sigmoid(logits)[0, 0]
    hard = window_losses.window_cross_entropy(logits, sources, 0.0)
    assert float(hard) == pytest.approx(
        -(math.log(sigmoid[0]) + math.log(1 - sigmoid[1])) / 2, rel=1e-5
    )
    soft = window_losses.window_cross_entropy(logits, sources, 0.02)
    p, q = float(sigmoid[0]), float(sigmoid[1])
    by_hand = 0.98 * math.log(p) + 0.02 * math.log(1 - p)
    by_hand += 0.02 * math.log(q) + 0.98 * math.log(1 - q)
    assert float(soft) == pytest.approx(-by_hand / 2, rel=1e-5)
    streams = torch.tensor([[[2.0, -1.0], [0.0, 1.0]]])  # one window, two stems, two bins
    ratios = torch.tensor([[0.75, 1 / 3], [0.25, 2 / 3]])
    mse = window_losses.window_mse(streams, sources, 0.0)
    assert float(mse) == pytest.approx(float((streams.sigmoid()[0] - ratios).square().mean()))
    nll = window_losses.window_nll(streams, sources, 0.0)
    logs = streams[0].log_softmax(dim=0)
    assert float(nll) == pytest.approx(-float(logs[0, 0] + logs[1, 1]) / 2, rel=1e-5)


def test_windows_are_cut_at_their_stride_and_taken_evenly():
    class Probe:
        frames, scale = 3, 2.0

        def scores(self, rows):
            self.rows = rows
            return rows

    probe = Probe()
    steps = torch.arange(20.0)
    mixture = steps.expand(1, 1, 5, 20)
    loss = WindowLoss("window_cross_entropy", Windows(count=3, stride=4))
    loss(probe, mixture[:, None].repeat(1, 2, 1, 1, 1), mixture)
    assert probe.rows[:, 0, 0].tolist() == [0, 16, 32]  # scaled: steps 0, 8 and 16
    assert probe.rows[1, :, 0].tolist() == [16, 18, 20]


FAMILIES = {
    "simpson": ("simpson2015_dnn", TWO, "binary", {"window_cross_entropy": 1}, KARAOKE),
    "cnn1": ("roma2018_cnn", FOUR, "sigmoid", {"window_mse": 1}, WINDOWED),
    "cnn2": ("roma2018_cnn", FOUR, "binary", {"window_nll": 1}, WINDOWED),
    "lin": ("lin2018_cnn", TWO, "ratio", {"window_cross_entropy": 1}, PADDED),
    "pretraining": ("lin2018_cnn", TWO, "ratio", {"window_autoencoder": 1}, PADDED),
    "dual": (
        "open_unmix",
        TWO,
        "ratio",
        {"magnitude_mse": 0.9, "mixture_phase_mse": 0.1},
        {"one_per_stem": True},
    ),
    "wave": (
        "wave_unmix",
        TWO,
        "spectrum",
        {"waveform_mse": 1},
        {
            "one_per_stem": True,
            "sample_rate": 16_000,
            "n_fft": 1024,
            "hop": 256,
            "win_length": 1024,
            "options": {"n_fft": 1024, "hop": 256},
        },
    ),
    "unet": (
        "pretet2018_unet",
        TWO,
        "ratio",
        {"magnitude_l1": 1},
        {**SHORT, "one_per_stem": True, "chunk": Chunking(64, 8, 64)},
    ),
}


RATES = {"simpson": 1e-2, "wave": 1e-4}  # of the others 0.001


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_learns_one_batch(family):
    network, stems, masks, losses, model = FAMILIES[family]
    made = recipe(network, stems, masks, losses, Windows(count=8), **model)
    net = build_network(made.model.card())
    objective = Objective(made, CPU)
    sound = tones(stems, made.model.channels, 12_000, made.model.sample_rate)
    optimiser = torch.optim.Adam(net.parameters(), RATES.get(family, 1e-3))
    seen = []
    for _ in range(4):
        loss = objective(net, sound)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        seen.append(float(loss.detach()))
    assert all(math.isfinite(each) for each in seen)
    assert seen[-1] < 0.995 * seen[0], seen


class Known(torch.nn.Module):
    """Answers what it is told to."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer

    def forward(self, mixture):
        return self.answer[..., : mixture.shape[-1]]


@pytest.mark.parametrize("bins", [1025, 700])
def test_true_magnitudes_leave_no_magnitude_loss(bins):
    made = recipe("pretet2018_unet", TWO, "ratio", {"magnitude_l1": 1, "magnitude_kl": 1}, **SHORT)
    sound = tones(TWO, 2, 12_000, 22_050)
    truth = stft(sound, made.model.stft).abs()[..., :bins, :]
    assert float(Objective(made, CPU)(Known(truth), sound)) == pytest.approx(0, abs=1e-6)
    assert float(Objective(made, CPU)(Known(1.5 * truth), sound)) > 0.01


def test_the_mixtures_phase_is_what_a_lone_stem_needs():
    made = recipe("pretet2018_unet", TWO, "ratio", {"mixture_phase_mse": 1}, **SHORT)
    sound = tones(TWO, 2, 12_000, 22_050)
    sound[:, 1] = 0
    truth = stft(sound, made.model.stft).abs()
    assert float(Objective(made, CPU)(Known(truth), sound)) < 1e-10
    lost = float(Objective(made, CPU)(Known(0 * truth), sound))
    frames = (truth.shape[-1] - 1) * 512
    by_hand = float(sound[..., :frames].square().sum() / (2 * 2 * frames))
    assert lost == pytest.approx(by_hand, rel=0.02)


def test_the_closing_stem_may_stand_anywhere():
    stems = ["accompaniment", "vocals"]
    made = recipe("bandmask", stems, "ratio", {"complex_l1": 1}, closing="accompaniment", **SHORT)
    sound = tones(stems, 2, 12_000, 22_050)
    truth = stft(sound, made.model.stft).abs()
    right = float(Objective(made, CPU)(Known(truth), sound))
    wrong = float(Objective(made, CPU)(Known(truth.flip(1)), sound))
    assert right < 0.5 * wrong


def test_windows_mix_with_no_other_loss_and_need_their_networks():
    both = recipe("roma2018_cnn", FOUR, "sigmoid", {"window_mse": 1, "complex_l1": 1}, **WINDOWED)
    with pytest.raises(UserError, match="windows"):
        Objective(both, CPU)
    alien = recipe("pretet2018_unet", TWO, "ratio", {"window_mse": 1}, **SHORT)
    with pytest.raises(UserError, match="does not look at windows"):
        Objective(alien, CPU)(Known(torch.ones(1, 2, 2, 1025, 50)), tones(TWO, 2, 12_000, 22_050))
    assert set(WINDOW_LOSSES) == {
        "window_cross_entropy",
        "window_mse",
        "window_nll",
        "window_autoencoder",
    }


@pytest.mark.parametrize("family", ["simpson", "unet"])
def test_a_batch_is_worth_its_items(family):
    network, stems, masks, losses, model = FAMILIES[family]
    made = recipe(network, stems, masks, losses, Windows(count=5, stride=2), **model)
    net = build_network(made.model.card()).eval()
    objective = Objective(made, CPU)
    first = tones(stems, made.model.channels, 20_000, made.model.sample_rate)
    batch = torch.cat([first, 0.3 * first.flip(1), first.flip(-1)])
    with torch.inference_mode():
        whole = float(objective(net, batch))
        alone = [float(objective(net, batch[[row]])) for row in range(3)]
    assert whole == pytest.approx(sum(alone) / 3, rel=1e-5)


def test_the_songs_peak_scales_waveforms_too():
    made = recipe("bandmask", TWO, "ratio", {"waveform_l1": 1}, **SHORT, song_peak=True)
    sound = tones(TWO, 2, 12_000, 22_050)
    sound[:, 1] = 0
    truth = stft(sound, made.model.stft).abs()
    assert float(Objective(made, CPU)(Known(truth), sound)) < 1e-5
