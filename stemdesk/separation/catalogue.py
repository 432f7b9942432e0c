"""The models there are: shipped with the program, provided by other packages, or the user's own."""

from __future__ import annotations

import importlib.metadata
import importlib.resources
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.paths import models_dir
from stemdesk.separation.card import CARD_NAME, ModelCard, load_card

if TYPE_CHECKING:
    from collections.abc import Iterator

WEIGHTS_GROUP = "stemdesk.weights"
DEFAULT_MODEL = "bandmask_ensemble"
LONGEST_NAME_SHOWN = 80


def _roots() -> list[Path]:
    """Folders that hold model folders; the user's own come last and can shadow nothing."""
    return [*_installed_roots(), models_dir()]


@cache
def _installed_roots() -> tuple[Path, ...]:
    # Looking through all that is installed takes 10 ms; it does not change while we run.
    return tuple(
        Path(str(importlib.resources.files(entry.module)))
        for entry in importlib.metadata.entry_points(group=WEIGHTS_GROUP)
    )


def model_folders() -> dict[str, Path]:
    """Model id -> folder, in the order of listing."""
    found: dict[str, Path] = {}
    for root in _roots():
        for card in sorted(root.glob(f"*/{CARD_NAME}")):
            found.setdefault(card.parent.name, card.parent)
    return found


def list_models() -> list[ModelCard]:
    """The cards of all models that can be used; see :func:`list_problems` for the others."""
    return [found for found in _read_cards() if isinstance(found, ModelCard)]


def list_problems() -> list[str]:
    """One sentence for each model that is there but cannot be used."""
    return [str(found) for found in _read_cards() if isinstance(found, UserError)]


def _read_cards() -> Iterator[ModelCard | UserError]:
    for folder in model_folders().values():
        try:
            yield _installed_card(folder)
        except UserError as error:
            yield error


def _installed_card(folder: Path) -> ModelCard:
    card = load_card(folder)
    if card.id != folder.name:
        raise UserError(
            f"The model card {folder / CARD_NAME} is that of {card.id!r}",
            f"rename the folder to {card.id}, or reinstall that model",
        )
    return card


def find_model(name: str | None) -> Path:
    """The folder of the model ``name`` (an id, or a path to a model folder); None: the default.

    Raises:
        UserError: there is no such model, then it lists those there are; or its card is damaged.
    """
    folders = model_folders()
    name = name or DEFAULT_MODEL
    if name in folders:
        _installed_card(folders[name])
        return folders[name]
    # A name that no file can have (too long) is no model either.
    with suppress(OSError):
        if (Path(name) / CARD_NAME).is_file():
            return Path(name)
    remedy = (
        f"choose one of: {', '.join(folders)}" if folders else "no model is installed; train one"
    )
    shown = name if len(name) <= LONGEST_NAME_SHOWN else f"{name[:LONGEST_NAME_SHOWN]}..."
    raise UserError(f"There is no model {shown!r}", remedy)
