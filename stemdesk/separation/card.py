"""The model card: everything the core must know to run a network, and what a user should know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from stemdesk.errors import UserError
from stemdesk.parsing.bounds import MOST_BYTES_BY_HAND, Unreadable, file_bytes
from stemdesk.parsing.toml_text import read_toml_as
from stemdesk.separation.mask_settings import MaskKind, MaskSettings
from stemdesk.separation.transform import StftSettings

if TYPE_CHECKING:
    from pathlib import Path

CARD_NAME = "card.toml"
FORMAT = 1


class Chunking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a network looks at once, in STFT steps.

    Attributes:
        steps: length of a chunk.
        overlap_steps: cross-fade between neighbouring chunks, at most half a chunk.
        multiple_of: the network needs a multiple of so many steps; the core pads with silence.
        first_steps: length of a song's first chunk, the sooner done the shorter it is; 0: as long
            as the others.
    """

    steps: int
    overlap_steps: int
    multiple_of: int = 1
    first_steps: int = 0

    @property
    def shortest(self) -> int:
        """Length of the shortest chunk, the first."""
        return self.first_steps or self.steps

    def __post_init__(self) -> None:
        if not 0 <= self.first_steps <= self.steps:
            raise ValueError("first_steps must lie between 0 and steps")
        if not 0 < self.overlap_steps <= self.shortest // 2:
            raise ValueError("overlap_steps must lie between 1 and half of the shortest chunk")
        if self.multiple_of < 1:
            raise ValueError("multiple_of must be at least 1")


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``card.toml`` beside the weights says.

    Attributes:
        format: of the card itself; newer ones are refused.
        written_by: the StemDesk that wrote the card.
        id: folder name and ``--model`` value.
        title: one line for lists.
        network: name in the entry-point group ``stemdesk.networks``.
        options: keyword arguments of the network's class.
        network_stems: names in the network's order; ``stems`` in the file.
        closing: the closing stem, which takes whatever the model's band, rate or masks leave
            over; None: the last one.
        one_per_stem: the weights hold one network per stem.
        sample_rate: Hz the network works at.
        channels: channels the network takes at once, 1 or 2.
        n_fft: transform length in frames, ``hop`` and ``win_length`` likewise.
        masks: how the network's output is normalised.
        ratio_power: exponent for ``ratio`` masks.
        threshold: above which a stem gets a bin, for ``binary`` masks that leave a stem out.
        song_peak: scale the spectrogram by the whole song's largest magnitude first.
        chunk: chunk lengths.
        post: post-processing stages, for example ``sharpen=2``; a user's come behind them.
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
    network_stems: list[str] = msgspec.field(name="stems")
    sample_rate: int
    channels: int
    n_fft: int
    hop: int
    win_length: int
    masks: MaskKind
    chunk: Chunking
    options: dict[str, Any] = msgspec.field(default_factory=dict)
    one_per_stem: bool = False
    closing: str | None = None
    ratio_power: float = 1.0
    threshold: float = 0.5
    song_peak: bool = False
    post: list[str] = msgspec.field(default_factory=list)
    licence: str = ""
    credits: list[str] = msgspec.field(default_factory=list)
    training: dict[str, Any] = msgspec.field(default_factory=dict)
    scores: dict[str, dict[str, float]] = msgspec.field(default_factory=dict)
    parameters: int = 0
    sha256: str = ""
    format: int = FORMAT
    written_by: str = ""

    def __post_init__(self) -> None:
        if len(self.network_stems) < 2 or len(set(self.network_stems)) != len(self.network_stems):
            raise ValueError("stems must be at least two different names")
        if self.closing_stem not in self.network_stems:
            raise ValueError(f"closing must be one of the stems, not {self.closing!r}")
        if self.ratio_power <= 0 or not 0 < self.threshold < 1:
            raise ValueError("ratio_power must be above 0, threshold between 0 and 1")
        if self.channels not in (1, 2):
            raise ValueError("channels must be 1 or 2")
        if not 0 < self.hop <= self.win_length // 2 <= self.n_fft // 2:
            raise ValueError("hop must be at most half of win_length, which must fit into n_fft")
        # What reaches from one chunk into the next but one could not be resumed between them.
        if self.chunk.shortest - 2 * self.chunk.overlap_steps < -(-self.n_fft // self.hop):
            raise ValueError("a chunk must be longer than two overlaps and one STFT window")

    @property
    def stft(self) -> StftSettings:
        """The transform the network wants."""
        return StftSettings(self.n_fft, self.hop, self.win_length)

    @property
    def closing_stem(self) -> str:
        """The stem that takes what is left over."""
        return self.network_stems[-1] if self.closing is None else self.closing

    @property
    def stems(self) -> list[str]:
        """The stems in the order of delivery: the network's, but the closing stem last."""
        return [*(s for s in self.network_stems if s != self.closing_stem), self.closing_stem]

    @property
    def mask_settings(self) -> MaskSettings:
        """How the network is run and its output read."""
        return MaskSettings(
            kind=self.masks,
            stems=len(self.network_stems),
            closing=self.network_stems.index(self.closing_stem),
            ratio_power=self.ratio_power,
            threshold=self.threshold,
            multiple_of=self.chunk.multiple_of,
        )


class _Heading(msgspec.Struct):
    """What can be read of a card of any format."""

    format: int = FORMAT
    written_by: str = ""


def load_card(folder: Path) -> ModelCard:
    """Read ``card.toml`` in ``folder``.

    Raises:
        UserError: the card is missing, unreadable or says something impossible.
    """
    path = folder / CARD_NAME
    try:
        data = file_bytes(path, MOST_BYTES_BY_HAND)
        heading = read_toml_as(data, _Heading)
        if heading.format > FORMAT:
            raise UserError(
                f"The model card {path} has format {heading.format}, newer than {FORMAT}",
                f"update StemDesk to {heading.written_by or 'a newer version'}",
            )
        return read_toml_as(data, ModelCard)
    except (OSError, Unreadable) as error:
        raise UserError(
            f"The model card {path} cannot be read ({error})", "reinstall or remove that model"
        ) from error


def card_text(card: ModelCard) -> str:
    """The card as TOML, fields in their declared order."""
    # TOML knows no null: what is not set is left out.
    lines = {name: value for name, value in msgspec.to_builtins(card).items() if value is not None}
    return msgspec.toml.encode(lines).decode()
