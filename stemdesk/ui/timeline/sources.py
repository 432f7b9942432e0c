"""What the timeline draws sound from; whoever owns the sound delivers these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stemdesk.audio.peaks import Columns
    from stemdesk.project.document import Span


class Peaks(Protocol):
    """The picture of one lane's sound. All methods return at once, on the GUI thread."""

    @property
    def frames(self) -> int:
        """Length of the sound."""

    @property
    def sample_rate(self) -> int:
        """Hz."""

    @property
    def channels(self) -> int:
        """1 to 8."""

    @property
    def known_spans(self) -> tuple[Span, ...]:
        """What has been analysed so far: in order, apart from each other; the rest is hatched."""

    def columns(self, first_frame: float, end_frame: float, count: int) -> Columns:
        """Least, greatest and RMS of `count` equal stretches; zeros outside the sound."""

    def samples(self, first_frame: int, end_frame: int) -> NDArray[np.float32] | None:
        """The samples `[channels, n]` of a stretch within the sound; None while not at hand.

        Asked for where a pixel is narrower than some hundred frames; :meth:`columns` stands in.
        """


class Tiles(Protocol):
    """The spectrogram of one lane."""

    def tile(
        self, first_frame: float, end_frame: float, width: int, height: int
    ) -> NDArray[np.uint8] | None:
        """Brightness `[height, width]`, high frequencies first; None while it is being made.

        Tiles of one zoom lie on a fixed grid from frame 0, so that they can be kept. The last one
        may reach beyond the song's end.
        """
