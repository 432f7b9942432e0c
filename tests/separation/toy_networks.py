"""Small networks with random weights, one for every form that a published system has."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from stemdesk.separation.card import Chunking, ModelCard
from stemdesk.separation.engine import MaskEngine
from stemdesk.separation.network import MaskNetwork, PerStem
from stemdesk.separation.separator import Separator
from stemdesk.separation.stft import istft, stft
from stemdesk.separation.transform import StftSettings
from stemdesk_models.bandmask import BandMask

STEMS = ["vocals", "drums", "bass", "other"]
KARAOKE = ["vocals", "accompaniment"]


def make_card(**changes) -> ModelCard:
    values = {
        "id": "toy",
        "title": "A toy",
        "network": "toy",
        "network_stems": STEMS,
        "sample_rate": 44_100,
        "channels": 2,
        "n_fft": 1024,
        "hop": 256,
        "win_length": 1024,
        "masks": "ratio",
        "chunk": Chunking(steps=24, overlap_steps=6),
    }
    return ModelCard(**(values | changes))


def make_separator(card, network, post=()) -> Separator:
    engine = MaskEngine(card, network.eval(), torch.device("cpu"), list(post), lambda _: None)
    return Separator(engine)


class Gains(MaskNetwork):
    """Magnitude estimates: the mixture's, times one gain per stem."""

    def __init__(self, gains) -> None:
        super().__init__()
        self.gains = torch.tensor(gains)[None, :, None, None, None]

    def forward(self, mixture):
        return self.gains * mixture.abs()[:, None]


class LocalMasks(MaskNetwork):
    """Logits from a convolution over three steps: what a chunk's edges do stays at its edges."""

    def __init__(self, stems: int) -> None:
        super().__init__()
        self.stems = stems
        self.mix = nn.Conv2d(1, stems, (1, 3), padding=(0, 1))

    def forward(self, mixture):
        batch, channels, bins, steps = mixture.shape
        flat = mixture.abs().reshape(batch * channels, 1, bins, steps)
        logits = self.mix(flat).view(batch, channels, self.stems, bins, steps)
        return logits.transpose(1, 2)


class WindowCentre(MaskNetwork):
    """Roma 2018, Lin 2018: `window` steps of one channel predict the step in their middle."""

    def __init__(self, bins: int, window: int, stems: int) -> None:
        super().__init__()
        self.bins, self.window, self.stems = bins, window, stems
        self.layers = nn.Sequential(
            nn.Linear(window * bins, 6), nn.Sigmoid(), nn.Linear(6, stems * bins)
        )

    def forward(self, mixture):
        batch, channels, bins, steps = mixture.shape
        assert (channels, bins) == (1, self.bins)
        half = self.window // 2
        seen = functional.pad(mixture[:, 0].abs(), (half, half)).unfold(-1, self.window, 1)
        answer = self.layers(seen.permute(0, 2, 3, 1).flatten(2))
        answer = answer.view(batch, steps, self.stems, bins).permute(0, 2, 3, 1)
        return answer[:, :, None]


class WindowMean(MaskNetwork):
    """Simpson 2015: 20 steps flattened, every step the mean of the predictions that hold it."""

    def __init__(self, bins: int) -> None:
        super().__init__()
        self.bins, self.window = bins, 20
        size = self.window * bins
        self.layers = nn.Sequential(nn.Linear(size, 4), nn.Sigmoid(), nn.Linear(4, size))

    def forward(self, mixture):
        batch, channels, bins, steps = mixture.shape
        assert channels == 1
        assert mixture.abs().max() <= 1 + 1e-6, "the card asks for unit scale"
        edge = self.window - 1
        seen = functional.pad(mixture[:, 0].abs(), (edge, edge)).unfold(-1, self.window, 1)
        seen = seen.permute(0, 2, 3, 1).flatten(2)
        answer = (40 * self.layers(seen)).sigmoid().view(batch, -1, self.window, bins)
        summed = sum(
            answer[:, edge - place : edge - place + steps, place] for place in range(self.window)
        )
        return (summed / self.window).transpose(1, 2)[:, None, None]


class Cropped(MaskNetwork):
    """Open-Unmix: one stem, input cropped to 16 kHz, a recurrent layer, times the mixture."""

    def __init__(self, bins: int = 1487) -> None:
        super().__init__()
        self.bins = bins
        self.into = nn.Linear(2 * bins, 8)
        self.recurrent = nn.LSTM(8, 4, bidirectional=True, batch_first=True)
        self.out = nn.Linear(8, 2 * bins)

    def forward(self, mixture):
        magnitude = mixture[:, :, : self.bins].abs()
        batch, channels, bins, steps = magnitude.shape
        rows = self.into(magnitude.permute(0, 3, 1, 2).flatten(2)).tanh()
        scale = self.out(self.recurrent(rows)[0]).relu()
        scale = scale.view(batch, steps, channels, bins).permute(0, 2, 3, 1)
        return (scale * magnitude)[:, None]


class Pyramid(MaskNetwork):
    """Pretet 2018: one stem, no Nyquist bin, halved six times, so steps in multiples of 64."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(nn.Conv2d(2, 2, 5, 2, 2) for _ in range(6))
        self.up = nn.ModuleList(nn.ConvTranspose2d(2, 2, 5, 2, 2, 1) for _ in range(6))

    def forward(self, mixture):
        magnitude = mixture[:, :, :-1].abs()
        assert magnitude.shape[1:3] == (2, 1024)
        assert magnitude.shape[3] % 64 == 0
        values, skipped = magnitude, []
        for layer in self.down:
            skipped.append(values)
            values = functional.leaky_relu(layer(values), 0.2)
        for layer in self.up:
            values = layer(values) + skipped.pop()
        return (values.sigmoid() * magnitude)[:, None]


class Waveform(MaskNetwork):
    """A system in the time domain: it turns back to samples itself and answers in magnitudes."""

    SETTINGS = StftSettings(1024, 256, 1024)

    def __init__(self, stems: int) -> None:
        super().__init__()
        self.stems = stems
        self.mix = nn.Conv1d(2, 2 * stems, 15, padding=7)

    def forward(self, mixture):
        frames = (mixture.shape[-1] - 1) * self.SETTINGS.hop
        samples = self.mix(istft(mixture, self.SETTINGS, frames))
        return stft(samples.unflatten(1, (self.stems, 2)), self.SETTINGS).abs()


class Complex(MaskNetwork):
    """Complex masks that do not sum to one by themselves."""

    def __init__(self, stems: int) -> None:
        super().__init__()
        self.mix = LocalMasks(2 * stems)

    def forward(self, mixture):
        real, imaginary = self.mix(mixture).chunk(2, dim=1)
        return torch.complex(real.contiguous(), imaginary.contiguous())


class Spectra(MaskNetwork):
    """SCNet, MDX23C: complex spectrograms of the stems, up to some bin, on their own phases."""

    def __init__(self, stems: int, bins: int) -> None:
        super().__init__()
        self.masks, self.bins = Complex(stems), bins

    def forward(self, mixture):
        mixture = mixture[:, :, : self.bins]
        return self.masks(mixture) * mixture[:, None] + 0.01 * mixture[:, None].roll(1, -1)


class Factorised(MaskNetwork):
    """Non-negative matrix factorisation: fixed bases, activations found while listening."""

    def __init__(self, bins: int, stems: int, bases: int = 3) -> None:
        super().__init__()
        self.stems, self.bases = stems, bases
        self.register_buffer("spectra", torch.rand(bins, stems * bases) + 0.01)

    def forward(self, mixture):
        seen = mixture.abs() + 1e-6
        spectra = self.get_buffer("spectra")
        gains = torch.ones(*seen.shape[:2], spectra.shape[1], seen.shape[-1])
        for _ in range(5):
            ratio = seen / (spectra @ gains)
            gains = gains * (spectra.T @ ratio) / spectra.sum(dim=0)[:, None]
        parts = [
            spectra[:, first : first + self.bases] @ gains[:, :, first : first + self.bases]
            for first in range(0, spectra.shape[1], self.bases)
        ]
        return torch.stack(parts, dim=1)


@dataclass(frozen=True)
class Form:
    """A system's card and how to build its network."""

    name: str
    card: ModelCard
    build: object


_HALF_RATE = {"sample_rate": 22_050, "channels": 1}
_CHUNK = Chunking(steps=40, overlap_steps=8)

FORMS = [
    Form(
        "simpson_2015",
        make_card(
            **_HALF_RATE | {"sample_rate": 44_100},
            n_fft=2048,
            hop=512,
            win_length=2048,
            network_stems=KARAOKE,
            masks="binary",
            threshold=0.5,
            song_peak=True,
            chunk=_CHUNK,
        ),
        lambda: WindowMean(1025),
    ),
    Form(
        "simpson_2015_nmf",
        make_card(
            channels=1, n_fft=2048, hop=512, win_length=2048, network_stems=KARAOKE, chunk=_CHUNK
        ),
        lambda: Factorised(1025, 2),
    ),
    Form(
        "roma_2018_ratio",
        make_card(
            **_HALF_RATE, n_fft=2048, hop=256, win_length=2048, masks="sigmoid", chunk=_CHUNK
        ),
        lambda: WindowCentre(1025, 11, 4),
    ),
    Form(
        "roma_2018_binary",
        make_card(**_HALF_RATE, n_fft=2048, hop=256, win_length=2048, masks="binary", chunk=_CHUNK),
        lambda: WindowCentre(1025, 11, 4),
    ),
    Form(
        "lin_2018",
        make_card(
            **_HALF_RATE,
            n_fft=4096,
            hop=256,
            win_length=1024,
            network_stems=KARAOKE,
            masks="sigmoid",
            chunk=_CHUNK,
        ),
        lambda: WindowCentre(2049, 9, 1),
    ),
    Form(
        "open_unmix",
        make_card(n_fft=4096, hop=1024, win_length=4096, one_per_stem=True),
        lambda: PerStem(Cropped() for _ in STEMS),
    ),
    Form("wave_u_net", make_card(sample_rate=16_000, chunk=_CHUNK), lambda: Waveform(4)),
    Form(
        "pretet_2018",
        make_card(
            sample_rate=22_050,
            n_fft=2048,
            hop=512,
            win_length=2048,
            one_per_stem=True,
            chunk=Chunking(steps=64, overlap_steps=12, multiple_of=64),
        ),
        lambda: PerStem(Pyramid() for _ in STEMS),
    ),
    Form("complex", make_card(masks="complex"), lambda: Complex(4)),
    Form("complex_one_missing", make_card(masks="complex"), lambda: Complex(3)),
    Form("spectrum", make_card(masks="spectrum"), lambda: Spectra(4, 513)),
    Form(
        "spectrum_cropped_one_missing",
        make_card(masks="spectrum", n_fft=2048, hop=441, win_length=2048, chunk=_CHUNK),
        lambda: Spectra(3, 900),
    ),
    Form("closing_first", make_card(masks="softmax", closing="vocals"), lambda: LocalMasks(4)),
    Form(
        "hop_441",
        make_card(masks="complex", n_fft=2048, hop=441, win_length=2048, chunk=_CHUNK),
        lambda: Complex(4),
    ),
    Form("softmax", make_card(masks="softmax"), lambda: LocalMasks(4)),
    Form(
        "bandmask",
        make_card(n_fft=4096, hop=1024, win_length=4096, masks="complex"),
        lambda: BandMask(width=8, depth=2, feed_forward=8, head=4),
    ),
]


def build(form: Form, seed: int = 0):
    """The form's card and network, the same weights every time."""
    torch.manual_seed(seed)
    return form.card, form.build().eval()
