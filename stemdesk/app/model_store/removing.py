"""The user's own models can be removed; those that came with the program cannot."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import write_refusal
from stemdesk.paths import data_dir, models_dir

if TYPE_CHECKING:
    from pathlib import Path


def own_model(model_id: str) -> Path:
    """The folder of one of the user's own models, usable or not.

    Raises:
        UserError: there is none of that name.
    """
    from stemdesk.separation.catalogue import model_folders

    root = models_dir()
    own = sorted(path.name for path in root.glob("*") if path.is_dir()) if root.is_dir() else []
    if model_id in own:
        return root / model_id
    if model_id in model_folders():
        raise UserError(
            f"The model {model_id} came with StemDesk and stays", "remove only models you added"
        )
    remedy = f"choose one of: {', '.join(own)}" if own else "you have not added any"
    raise UserError(f"You have no model {model_id[:80]!r}", remedy)


def remove_model(folder: Path) -> None:
    """Remove a model's folder as a whole.

    Args:
        folder: see :func:`own_model`.

    Raises:
        UserError: the disk refuses.
    """
    try:
        if folder.is_symlink():
            folder.unlink()  # what it leads to is not ours
            return
        # In one step out of the models, so that nobody meets half of one.
        with tempfile.TemporaryDirectory(prefix="outgoing_model_", dir=data_dir()) as scratch:
            shutil.move(folder, scratch)
    except OSError as error:
        raise write_refusal(folder, error) from error
