"""A finished model among the user's own, where every command finds it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import atomic_path, ensure_writable_folder, write_refusal
from stemdesk.paths import models_dir
from stemdesk.separation.card import CARD_NAME, card_text, load_card
from stemdesk.separation.catalogue import model_folders
from stemdesk.separation.checkpoint import WEIGHTS_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.separation.card import ModelCard


def install(folder: Path) -> Path:
    """Copy a model folder to :func:`stemdesk.paths.models_dir`.

    No model is ever replaced: where the id is taken, a number is added to id and title. A model
    with the very same weights, installed before from a model of this id, is left as it is.

    Args:
        folder: model folder, as :class:`stemdesk_training.run.model_writer.ModelWriter` leaves it.

    Returns:
        The folder of the installed model.

    Raises:
        UserError: the models' folder cannot be written to.
    """
    card = load_card(folder)
    root = models_dir()
    ensure_writable_folder(root)
    number = 1
    while True:
        name = card.id if number == 1 else f"{card.id}_{number}"
        target = root / name
        if _holds(target, card):
            return target
        if name not in model_folders() and _claimed(target):
            break
        number += 1
    title = card.title if number == 1 else f"{card.title} ({number})"
    # The card comes last: without it there is no model.
    _copy(target / WEIGHTS_NAME, (folder / WEIGHTS_NAME).read_bytes())
    renamed = msgspec.structs.replace(card, id=name, title=title)
    _copy(target / CARD_NAME, card_text(renamed).encode())
    return target


def _holds(target: Path, card: ModelCard) -> bool:
    with suppress(UserError):  # none there, or one that cannot be read: not the same
        return load_card(target).sha256 == card.sha256
    return False


def _claimed(target: Path) -> bool:
    """Make the folder; False where another program was faster."""
    try:
        target.mkdir()
    except FileExistsError:
        return False
    except OSError as error:
        raise write_refusal(target, error) from error
    return True


def _copy(target: Path, data: bytes) -> None:
    with atomic_path(target) as partial:
        try:
            partial.write_bytes(data)
        except OSError as error:
            raise write_refusal(target, error) from error
