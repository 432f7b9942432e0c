"""Which channel goes to which speaker: folding down after Recommendation ITU-R BS.775."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MINUS_3_DB = float(np.sqrt(0.5))

LEFT, RIGHT, LOW_EFFECTS = (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)
CENTRE = (MINUS_3_DB, MINUS_3_DB)
LEFT_SURROUND, RIGHT_SURROUND = (MINUS_3_DB, 0.0), (0.0, MINUS_3_DB)
REAR = (0.5, 0.5)

# Gains into left and right, for 3 to 8 channels in the order of WAVE files.
STEREO_GAINS = {
    3: (LEFT, RIGHT, CENTRE),
    4: (LEFT, RIGHT, LEFT_SURROUND, RIGHT_SURROUND),
    5: (LEFT, RIGHT, CENTRE, LEFT_SURROUND, RIGHT_SURROUND),
    6: (LEFT, RIGHT, CENTRE, LOW_EFFECTS, LEFT_SURROUND, RIGHT_SURROUND),
    7: (LEFT, RIGHT, CENTRE, LOW_EFFECTS, REAR, LEFT_SURROUND, RIGHT_SURROUND),
    8: (LEFT, RIGHT, CENTRE, LOW_EFFECTS, *(2 * (LEFT_SURROUND, RIGHT_SURROUND))),
}


def speaker_gains(channels: int, speakers: int) -> NDArray[np.float32]:
    """Gains `[speakers, channels]` of a source's channels into a device's.

    Mono goes to the first two speakers as it is. More channels than speakers are folded down to
    two (ITU-R BS.775: centre and surrounds at -3 dB, a single rear channel at -6 dB, low effects
    left out); one speaker gets half the sum of those two. Sums may exceed full scale: what
    follows limits. Speakers that nothing is left for stay silent.
    """
    gains = np.zeros((speakers, channels), np.float32)
    if channels == 1:
        gains[: min(2, speakers)] = 1.0
    elif channels <= speakers:
        np.fill_diagonal(gains, 1.0)
    else:
        stereo = np.array(STEREO_GAINS.get(channels, (LEFT, RIGHT)), np.float32).T
        if speakers == 1:
            gains[0] = stereo.mean(axis=0)
        else:
            gains[:2] = stereo
    return gains
