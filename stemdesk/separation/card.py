"""The model card: everything the core must know to run a network, and what a user should know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from stemdesk.errors import UserError
from stemdesk.separation.masks import MaskKind
from stemdesk.separation.stft import StftSettings

if TYPE_CHECKING:
    from pathlib import Path

CARD_NAME = "card.toml"


class Chunking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a network looks at once, in STFT steps.

    Attributes:
        steps: length of a chunk.
        overlap_steps: cross-fade between neighbouring chunks, at most half a chunk.
        multiple_of: the network needs a multiple of so many steps; the core pads with silence.
    """

    steps: int
    overlap_steps: int
    multiple_of: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.overlap_steps <= self.steps // 2:
            raise ValueError("overlap_steps must lie between 1 and half of steps")
        if self.multiple_of < 1:
            raise ValueError("multiple_of must be at least 1")


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``card.toml`` beside the weights says.

    Attributes:
        id: folder name and ``--model`` value.
        title: one line for lists.
        network: name in the entry-point group ``stemdesk.networks``.
        options: keyword arguments of the network's class.
        stems: names in the network's order; the last one is the closing stem, which takes
            whatever the model's band, rate or masks leave over.
        one_per_stem: the weights hold one network per stem.
        sample_rate: Hz the network works at.
        channels: channels the network takes at once, 1 or 2.
        n_fft: transform length in frames, ``hop`` and ``win_length`` likewise.
        masks: how the network's output is normalised.
        mask_power: exponent for ``ratio``, threshold for ``binary``.
        song_peak: scale the spectrogram by the whole song's largest magnitude first.
        chunk: chunk lengths.
        post: post-processing stages, for example ``sharpen=2``.
        licence: SPDX identifier of the weights.
        credits: voices, instruments and people the licence asks to name.
        training: how the weights came about (data, steps, seed, hours, machine).
        scores: benchmark name -> stem -> dB.
        parameters: number of trained parameters.
        sha256: of ``weights.safetensors``.
    """

    id: str
    title: str
    network: str
    stems: list[str]
    sample_rate: int
    channels: int
    n_fft: int
    hop: int
    win_length: int
    masks: MaskKind
    chunk: Chunking
    options: dict[str, Any] = msgspec.field(default_factory=dict)
    one_per_stem: bool = False
    mask_power: float = 1.0
    song_peak: bool = False
    post: list[str] = msgspec.field(default_factory=list)
    licence: str = ""
    credits: list[str] = msgspec.field(default_factory=list)
    training: dict[str, Any] = msgspec.field(default_factory=dict)
    scores: dict[str, dict[str, float]] = msgspec.field(default_factory=dict)
    parameters: int = 0
    sha256: str = ""

    def __post_init__(self) -> None:
        if len(self.stems) < 2 or len(set(self.stems)) != len(self.stems):
            raise ValueError("stems must be at least two different names")
        if self.channels not in (1, 2):
            raise ValueError("channels must be 1 or 2")
        if not 0 < self.hop <= self.win_length // 2 <= self.n_fft // 2:
            raise ValueError("hop must be at most half of win_length, which must fit into n_fft")
        # What reaches from one chunk into the next but one could not be resumed between them.
        if self.chunk.steps - 2 * self.chunk.overlap_steps < -(-self.n_fft // self.hop):
            raise ValueError("a chunk must be longer than two overlaps and one STFT window")

    @property
    def stft(self) -> StftSettings:
        """The transform the network wants."""
        return StftSettings(self.n_fft, self.hop, self.win_length)

    @property
    def closing_stem(self) -> str:
        """The stem that takes what is left over."""
        return self.stems[-1]


def load_card(folder: Path) -> ModelCard:
    """Read ``card.toml`` in ``folder``.

    Raises:
        UserError: the card is missing, unreadable or says something impossible.
    """
    path = folder / CARD_NAME
    try:
        return msgspec.toml.decode(path.read_bytes(), type=ModelCard)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(
            f"The model card {path} cannot be read ({error})", "reinstall or remove that model"
        ) from error


def card_text(card: ModelCard) -> str:
    """The card as TOML, fields in their declared order."""
    return msgspec.toml.encode(card).decode()
