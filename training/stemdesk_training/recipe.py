"""A training run as one TOML file: network, data, optimiser and length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from stemdesk.errors import UserError
from stemdesk.separation.card import Chunking
from stemdesk.separation.mask_settings import MaskKind, MaskSettings
from stemdesk.separation.transform import StftSettings

if TYPE_CHECKING:
    from pathlib import Path


LossName = Literal[
    "complex_l1", "share_cross_entropy", "stem_error", "waveform_l1", "multiresolution_l1"
]


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

    @property
    def stft(self) -> StftSettings:
        """The transform the network wants."""
        return StftSettings(self.n_fft, self.hop, self.win_length)

    @property
    def mask_settings(self) -> MaskSettings:
        """How the network's output is read."""
        return MaskSettings(self.masks, len(self.stems), multiple_of=self.chunk.multiple_of)


class Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to train on: random mixes from a pool, ``batch`` items of ``seconds`` each.

    ``mixing``: ``host`` makes them in a process beside the trainer, ``device`` where the network is
    trained, from a pool in that memory.
    """

    seconds: float
    batch: int
    seed: int = 1
    mixing: Literal["host", "device"] = "host"
    validation_items: int = 24
    validation_seconds: float = 6.0


class Optimiser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """AdamW with linear warm-up and cosine decay to ``final`` x the peak learning rate.

    At each of ``restart_steps`` warm-up and decay begin again, with ``restart`` x the peak before
    (SGDR, Loshchilov and Hutter 2017): so a finished run can be made longer.
    """

    steps: int
    learning_rate: float = 1e-3
    restart_steps: list[int] = msgspec.field(default_factory=list)
    restart: float = 1.0
    final: float = 0.02
    warm_up_steps: int = 100
    weight_decay: float = 1e-2
    clip_norm: float = 1.0
    ema_decay: float = 0.998

    def __post_init__(self) -> None:
        bounds = [0, *self.restart_steps, self.steps]
        if bounds != sorted(set(bounds)):
            raise ValueError("restart_steps must rise and lie between 0 and steps")


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole run: minimise the sum of ``losses``, each times its weight.

    ``seed`` draws the first weights, unless ``init`` names a model (an id or a folder) to go on
    from, with the same network and options but perhaps another pool; ``note`` goes into the model
    card. With ``precision`` bf16 the network computes in bfloat16 where that is safe; weights,
    transforms, masks and losses stay float32.
    """

    model: Model
    data: Data
    optimiser: Optimiser
    losses: dict[LossName, float] = msgspec.field(default_factory=lambda: {"complex_l1": 1.0})
    seed: int = 1
    init: str | None = None
    precision: Literal["float32", "bf16"] = "float32"
    checkpoint_steps: int = 100
    validate_steps: int = 300
    note: str = ""


def load_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        UserError: the file is missing or says something a recipe cannot.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Recipe)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(f"The recipe {path} cannot be used ({error})", "mend that line") from error
