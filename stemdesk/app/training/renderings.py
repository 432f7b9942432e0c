"""The user's song as a checkpoint and the base model took it apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.app.training.blind import BASE, TUNED

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".flac"


def found(folder: Path) -> dict[str, dict[str, Path]]:
    """Stem -> `base` and `tuned` -> file, of the stems that both have rendered.

    Args:
        folder: as the trainer's event `listen` names it.
    """
    base = {path.stem: path for path in sorted((folder / BASE).glob(f"*{SUFFIX}"))}
    tuned = {path.stem: path for path in sorted((folder / TUNED).glob(f"*{SUFFIX}"))}
    return {stem: {BASE: path, TUNED: tuned[stem]} for stem, path in base.items() if stem in tuned}
