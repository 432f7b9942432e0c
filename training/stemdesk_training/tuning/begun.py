"""What a fine-tuning run began from, kept in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import write_text_atomic
from stemdesk_training.tuning.guard import Pair
from stemdesk_training.tuning.tuned_card import Material

if TYPE_CHECKING:
    from pathlib import Path

BEGUN_NAME = "begun.json"


class Begun(msgspec.Struct, frozen=True):
    """The beginning of a run.

    Attributes:
        pool: folder of the studio's songs as they are trained on.
        base_sha256: of the base model's weights.
        freeze: the policy that is followed.
        material: what there is to learn from.
        scores: the base model's.
    """

    pool: str
    base_sha256: str
    freeze: str
    material: Material
    scores: Pair


def read_begun(run: Path) -> Begun | None:
    """What was kept; None in a folder where nothing has begun.

    Raises:
        UserError: it cannot be read.
    """
    path = run / BEGUN_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Begun)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise UserError(f"{path} cannot be read ({error})", "tune into another folder") from error


def write_begun(run: Path, begun: Begun) -> None:
    """Keep it."""
    write_text_atomic(run / BEGUN_NAME, msgspec.json.format(msgspec.json.encode(begun)).decode())
