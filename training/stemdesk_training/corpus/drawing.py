"""How mixes are drawn from a pool; without what draws them, so that recipes load at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ALIGNED = 0.4
SPEED = (0.9, 1.1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """How mixes are drawn.

    Attributes:
        aligned: share of the mixes that are excerpts of songs, if the pool has songs.
        varied: False leaves excerpts as they lie in the pool, in speed, tone, image and level.
        gains_db: stem to dB by which it is louder than it would be, before the master.
        speed: least and greatest factor by which excerpts are played faster or slower, pitch and
            all. A voice or an instrument at another speed is another voice, another instrument.
    """

    aligned: float = ALIGNED
    varied: bool = True
    gains_db: Mapping[str, float] = field(default_factory=dict)
    speed: tuple[float, float] = SPEED
