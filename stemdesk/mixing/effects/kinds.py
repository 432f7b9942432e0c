"""The kinds of effects there are."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.mixing.effects.compressor import COMPRESSOR
from stemdesk.mixing.effects.delay import DELAY
from stemdesk.mixing.effects.equaliser import EQUALISER
from stemdesk.mixing.effects.gate import GATE
from stemdesk.mixing.effects.limiter import LIMITER
from stemdesk.mixing.effects.pitch import PITCH
from stemdesk.mixing.effects.reverb import REVERB
from stemdesk.mixing.effects.rider import RIDER

if TYPE_CHECKING:
    from stemdesk.mixing.effects.effect import EffectKind

EFFECT_KINDS: dict[str, EffectKind] = {
    kind.name: kind for kind in (PITCH, GATE, EQUALISER, COMPRESSOR, RIDER, DELAY, REVERB, LIMITER)
}
"""By name, in the order in which they usually follow one another on a strip."""


def effect_kind(name: str) -> EffectKind:
    """The kind of that name.

    Raises:
        UserError: there is none.
    """
    if name in EFFECT_KINDS:
        return EFFECT_KINDS[name]
    near = difflib.get_close_matches(name, EFFECT_KINDS, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise UserError(
        f"There is no effect called {name!r}",
        f"{meant}choose one of {', '.join(EFFECT_KINDS)}",
    )
