"""Two networks in a row: U-Nets find the voice, a BandMask divides what they leave.

The U-Nets (:mod:`stemdesk_models.unet_pair`) begin with weights that heard tens of thousands of
songs; nothing else here knows real voices as well. The BandMask
(:mod:`stemdesk_models.bandmask`) hears the mixture without them and says what of it is drums, bass
and other. Its transform has half as many steps: it hears every second one, and its shares are
interpolated between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import torch

from stemdesk.separation.network import Joined
from stemdesk_models.bandmask import BandMask
from stemdesk_models.unet_pair import UNetPair

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STEMS = ("vocals", "drums", "bass", "other")
VOCALS = STEMS.index("vocals")
# Steps of the U-Nets' transform for one of the BandMask's.
STRIDE = 2


class Cascade(Joined):
    """Shares of vocals, drums, bass and other; the card's ``masks`` must be ``ratio``.

    The transform is that of the U-Nets: 4096 frames, a hop of 1024.

    Args:
        speeds: at which speeds the U-Nets hear the mixture, see :class:`UNetPair`.
        rest: options of the BandMask but ``stems`` and ``complex_masks``.
        late_voice: where that goes which only the BandMask takes for a voice.
        trains: ``rest`` leaves the U-Nets as they are.
    """

    may_begin_without = frozenset({"speeds", "late_voice", "trains"})

    def __init__(
        self,
        speeds: Sequence[float],
        rest: Mapping[str, Any],
        late_voice: Literal["vocals", "other"] = "vocals",
        trains: Literal["all", "rest"] = "all",
    ) -> None:
        super().__init__([UNetPair(speeds), BandMask(len(STEMS), complex_masks=False, **rest)])
        if late_voice not in ("vocals", "other"):
            raise ValueError("late_voice must be vocals or other")
        self._late_voice, self._trains = STEMS.index(late_voice), trains

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """Shares ``[batch, 4, 2, bins, steps]``; see :class:`MaskNetwork`."""
        voices, bands = self.networks
        with torch.set_grad_enabled(torch.is_grad_enabled() and self._trains == "all"):
            rest_share = voices(mixture)[:, 1]
        heard = mixture[..., ::STRIDE] * rest_share[..., ::STRIDE]
        shares = _stretched(bands(heard).softmax(dim=1), mixture.shape[-1])
        shares = shares * rest_share[:, None]
        late = shares[:, VOCALS].clone()
        shares[:, VOCALS] = 1 - rest_share
        shares[:, self._late_voice] += late
        return cast("torch.Tensor", shares)


def _stretched(shares: torch.Tensor, steps: int) -> torch.Tensor:
    """Shares of every second step, ``[..., few]``, at all ``steps``: between two, their mean."""
    between = (shares + torch.cat((shares[..., 1:], shares[..., -1:]), dim=-1)) / 2
    return torch.stack((shares, between), dim=-1).flatten(-2)[..., :steps]
