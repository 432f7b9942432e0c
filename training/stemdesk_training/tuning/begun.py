"""What a fine-tuning run began from, kept in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import write_text_atomic
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json, read_json_as
from stemdesk_training.tuning.guard import Pair
from stemdesk_training.tuning.tuned_card import Material

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.separation.card import ModelCard

BEGUN_NAME = "begun.json"


class Begun(msgspec.Struct, frozen=True):
    """The beginning of a run.

    Attributes:
        pool: folder of the studio's songs as they are trained on.
        base_sha256: of the base model's weights.
        freeze: the policy that is followed.
        material: what there is to learn from.
        scores: the base model's.
        songs: see :func:`splits_of`; None where an older program began.
        post: post-processing stages with which the scores were taken; an older program took them
            without.
    """

    pool: str
    base_sha256: str
    freeze: str
    material: Material
    scores: Pair
    songs: dict[str, str] | None = None
    post: list[str] = msgspec.field(default_factory=list)

    def require_same(self, run: Path, pool: Path, material: Material, base: ModelCard) -> None:
        """See to it that a run goes on with what it began with: else no two scores compare.

        Args:
            run: its folder.
            pool: where the songs are now.
            material: what there is in it.
            base: the base model as it is now.

        Raises:
            UserError: songs came, went or changed, or the base model did.
        """
        songs = splits_of(pool)
        if material != self.material if self.songs is None else songs != self.songs:
            raise UserError(
                f"The songs are not those that the run in {run} was begun with",
                "name another folder with --run to tune on these",
            )
        if (base.sha256, base.post) != (self.base_sha256, self.post):
            changed = "weights" if base.sha256 != self.base_sha256 else "post-processing"
            raise UserError(
                f"The base model has other {changed} than when the run in {run} was begun",
                "name another folder with --run to tune this one",
            )


def splits_of(pool: Path) -> dict[str, str]:
    """Key of each song of a pool, or name of each file where it tells of none -> its split."""
    notes = read_json(file_bytes(pool / "pool.json"), names=True)
    if "songs" in notes:
        return {key: song["split"] for key, song in notes["songs"].items()}
    return {name: name.partition("/")[0] for name in notes.get("files", {})}


def read_begun(run: Path) -> Begun | None:
    """What was kept; None in a folder where nothing has begun.

    Raises:
        UserError: it cannot be read.
    """
    path = run / BEGUN_NAME
    try:
        return read_json_as(file_bytes(path), Begun, names=True)
    except FileNotFoundError:
        return None
    except (OSError, Unreadable) as error:
        raise UserError(f"{path} cannot be read ({error})", "tune into another folder") from error


def write_begun(run: Path, begun: Begun) -> None:
    """Keep it."""
    write_text_atomic(run / BEGUN_NAME, msgspec.json.format(msgspec.json.encode(begun)).decode())
