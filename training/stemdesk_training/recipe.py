"""A training run as one TOML file: network, data, optimiser and length."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from stemdesk.errors import UserError
from stemdesk.parsing.bounds import MOST_BYTES_BY_HAND, Unreadable, file_bytes
from stemdesk.parsing.toml_text import read_toml_as
from stemdesk.separation.card import Chunking, ModelCard
from stemdesk.separation.mask_settings import MaskKind
from stemdesk.separation.transform import StftSettings
from stemdesk_training.augmentation.settings import Augmentation, Preset, augmentation_of
from stemdesk_training.corpus.drawing import ALIGNED, SPEED, Drawing
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.tuning_settings import Tuning

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.separation.mask_settings import MaskSettings


LossName = Literal[
    # On masks and the spectra they give.
    "complex_l1",
    "share_cross_entropy",
    "stem_error",
    # On the stems' waveforms.
    "waveform_l1",
    "waveform_mse",
    "multiresolution_l1",
    # On the network's own estimates of magnitudes.
    "magnitude_l1",
    "magnitude_mse",
    "magnitude_kl",
    "magnitude_is",
    "magnitude_log_mse",
    # The same, heard through the mixture's phase.
    "mixture_phase_mse",
    # On the scores of a network that looks at windows of frames.
    "window_cross_entropy",
    "window_mse",
    "window_nll",
    "window_autoencoder",
]


Memory = Literal["auto", "low", "high"]
SLOWEST, FASTEST = 0.5, 2.0


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The model to make; fields as in :class:`stemdesk.separation.card.ModelCard`."""

    id: str
    title: str
    network: str
    stems: list[str]
    masks: MaskKind
    chunk: Chunking
    licence: str
    options: dict[str, Any] = msgspec.field(default_factory=dict)
    sample_rate: int = 44100
    channels: int = 2
    n_fft: int = 4096
    hop: int = 1024
    win_length: int = 4096
    one_per_stem: bool = False
    closing: str | None = None
    ratio_power: float = 1.0
    threshold: float = 0.5
    song_peak: bool = False

    def card(self, **made: Any) -> ModelCard:
        """The beginning of a card, with what training adds to it."""
        return msgspec.convert({**msgspec.to_builtins(self), **made}, ModelCard)

    @property
    def stft(self) -> StftSettings:
        """The transform the network wants."""
        return StftSettings(self.n_fft, self.hop, self.win_length)

    @property
    def mask_settings(self) -> MaskSettings:
        """How the network's output is read."""
        return self.card().mask_settings


class Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to train on: random mixes from a pool, ``batch`` items of ``seconds`` each.

    Attributes:
        seconds: length of an item.
        batch: items a step.
        seed: draws the mixes.
        mixing: ``host`` makes them in a process beside the trainer, ``device`` where the network is
            trained, from a pool in that memory.
        aligned: share of mixes that are a moment of one song, where the pool has songs; the others
            put stems of different songs together.
        varied: every excerpt with a speed, tone, image and level of its own; otherwise as it lies
            in the pool.
        gains_db: stem to dB by which it is louder in training mixes than it would be.
        speed: least and greatest factor by which excerpts of varied training mixes are played
            faster or slower, pitch and all. No filter comes first: what passes 22 kHz folds back.
        balance: ``peak`` scales vocals and the rest to equal peaks, and then their sum (Simpson et
            al. 2015).
        augmentation: what is done to every training mix after that; a table or a preset.
        validation_items: held-out mixes that are scored.
        validation_seconds: length of each.
    """

    seconds: float
    batch: int
    seed: int = 1
    mixing: Literal["host", "device"] = "host"
    aligned: float = ALIGNED
    varied: bool = True
    gains_db: dict[str, float] = msgspec.field(default_factory=dict)
    speed: tuple[float, float] = SPEED
    balance: Literal["drawn", "peak"] = "drawn"
    augmentation: Preset | Augmentation = "none"
    validation_items: int = 24
    validation_seconds: float = 6.0

    def __post_init__(self) -> None:
        if unknown := self.gains_db.keys() - set(STEMS):
            raise ValueError(f"gains_db holds {min(unknown)}: use {', '.join(STEMS)}")
        if not SLOWEST <= self.speed[0] <= self.speed[1] <= FASTEST:
            raise ValueError(f"speed must be two factors, {SLOWEST} to {FASTEST}, the lesser first")
        if self.speed != SPEED and not self.varied:
            raise ValueError("speed is for varied mixes: leave it out, or varied = false")

    def drawing(self, split: str) -> Drawing:
        """How mixes of ``train`` are drawn, or of another split: without what is for training."""
        drawing = Drawing(self.aligned, self.varied)
        if split == "train":
            drawing = replace(drawing, gains_db=self.gains_db, speed=self.speed)
        return drawing


class Windows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a network that looks at windows of frames is trained.

    Attributes:
        count: windows of each item, taken evenly, so that it does not matter in how many pieces a
            batch is learnt from; for the dictionaries of NMF those of each source in all.
        stride: frames from one window to the next.
        softness: targets of a binary mask are this and one less it.
    """

    count: int = 128
    stride: int = 1
    softness: float = 0.0


class Optimiser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the weights move, for how long.

    Attributes:
        steps: most steps the run takes.
        minutes: most minutes of training, validation apart, summed over all starts of the run;
            a cosine then runs over time.
        clock: that the minutes are read from: ``processor`` counts the time that this program's
            threads computed, so that other programs do not matter (batches are made by others).
        algorithm: ``muon``, ``sgd`` and ``rmsprop`` with ``momentum``.
        learning_rate: the highest, after ``warm_up_steps`` in which it rises evenly.
        schedule: ``cosine`` falls to ``final`` x the highest at the end, ``constant`` stays.
        restart_steps: where warm-up and decay begin again, with ``restart`` x the peak before
            (SGDR, Loshchilov and Hutter 2017): so a finished run can be made longer.
        weight_decay: decoupled for ``adamw`` and ``muon`` (0.01 unless said), else an L2 term
            (0 unless said).
        momentum: 0.95 unless said for ``muon``, 0.9 for ``sgd``, 0 for ``rmsprop``.
        clip_norm: longest gradient; 0: gradients stay as they are.
        accumulate: batches a step; their gradients are averaged.
        ema_decay: share of the old average of the weights kept at each step.
    """

    steps: int
    minutes: float | None = None
    clock: Literal["wall", "processor"] = "wall"
    algorithm: Literal["adamw", "muon", "adam", "sgd", "rmsprop"] = "adamw"
    learning_rate: float = 1e-3
    schedule: Literal["cosine", "constant"] = "cosine"
    restart_steps: list[int] = msgspec.field(default_factory=list)
    restart: float = 1.0
    final: float = 0.02
    warm_up_steps: int = 100
    weight_decay: float | None = None
    momentum: float | None = None
    clip_norm: float = 1.0
    accumulate: int = 1
    ema_decay: float = 0.998

    def __post_init__(self) -> None:
        bounds = [0, *self.restart_steps, self.steps]
        if bounds != sorted(set(bounds)):
            raise ValueError("restart_steps must rise and lie between 0 and steps")
        if self.restart_steps and (self.minutes is not None or self.schedule == "constant"):
            raise ValueError("restart_steps need a cosine over steps")
        if self.minutes is not None and self.minutes <= 0:
            raise ValueError("minutes must be above 0")
        if self.accumulate < 1:
            raise ValueError("accumulate must be at least 1")
        momenta = {"muon": 0.95, "sgd": 0.9, "rmsprop": 0.0}
        if self.momentum is not None and self.algorithm not in momenta:
            raise ValueError("momentum is for muon, sgd and rmsprop")
        # Filled in, so that a recipe that says the usual equals one that leaves it out.
        if self.weight_decay is None:
            usual = 1e-2 if self.algorithm in ("adamw", "muon") else 0.0
            msgspec.structs.force_setattr(self, "weight_decay", usual)
        if self.momentum is None and self.algorithm in momenta:
            msgspec.structs.force_setattr(self, "momentum", momenta[self.algorithm])


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole run: minimise the sum of ``losses``, each times its weight.

    ``seed`` draws the first weights, unless ``init`` names a model (an id or a folder) to go on
    from, with the same network, but perhaps another pool, and options that may be more (blocks,
    cells, ``detail``, ``dropout``) or ``causal``; ``note`` goes into the model card. With
    ``precision`` bf16 the network computes in bfloat16 where that is safe; weights, transforms,
    masks and losses stay float32.

    A validation with at least ``gain_db`` more than any before it (mean over stems) renews the
    ``patience``, counted in validations, at whose end the run ends; the finished model is then the
    best of those validated, and without ``patience`` the last. ``validation_seconds_limit`` leaves
    out held-out mixes that would take longer. Of ``memory``, ``low`` is to leave most of what is
    free to other programs, ``high`` next to nothing: a step's batch is cut into pieces that fit.

    With ``tuning`` the run begins from the model that it calls ``base``, and is not to forget it.
    """

    model: Model
    data: Data
    optimiser: Optimiser
    losses: dict[LossName, float] = msgspec.field(default_factory=lambda: {"complex_l1": 1.0})
    windows: Windows = msgspec.field(default_factory=Windows)
    seed: int = 1
    init: str | None = None
    precision: Literal["float32", "bf16"] = "float32"
    checkpoint_steps: int = 100
    validate_steps: int = 300
    patience: int | None = None
    gain_db: float = 0.0
    validation_seconds_limit: float | None = None
    memory: Memory = "auto"
    tuning: Tuning | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if min(self.checkpoint_steps, self.validate_steps) < 1:
            raise ValueError("checkpoint_steps and validate_steps must be at least 1")
        if self.data.mixing == "device" and not self._is_as_mixed_on_a_device:
            raise ValueError(
                "mixing on the device makes varied mixes of vocals, drums, bass and other in stereo"
                " at 44100 Hz, without augmentation: use mixing = 'host' for all else"
            )
        if self.patience is not None and self.patience < 1:
            raise ValueError("patience must be at least 1")
        if self.tuning is not None:
            if self.init not in (None, self.tuning.base):
                raise ValueError("init must be the base of tuning, or be left out")
            msgspec.structs.force_setattr(self, "init", self.tuning.base)

    @property
    def _is_as_mixed_on_a_device(self) -> bool:
        model, data = self.model, self.data
        heard = (model.stems, model.sample_rate, model.channels)
        return heard == (list(STEMS), RATE_HZ, 2) and (
            (data.varied, data.balance, augmentation_of(data.augmentation))
            == (True, "drawn", augmentation_of("none"))
        )


def load_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        UserError: the file is missing or says something a recipe cannot.
    """
    try:
        return read_toml_as(file_bytes(path, MOST_BYTES_BY_HAND), Recipe)
    except (OSError, Unreadable) as error:
        raise UserError(f"The recipe {path} cannot be used ({error})", "mend that line") from error
