"""The models there are: shipped with the program, provided by other packages, or the user's own."""

from __future__ import annotations

import importlib.metadata
import importlib.resources
from pathlib import Path

from stemdesk.errors import UserError
from stemdesk.paths import models_dir
from stemdesk.separation.card import CARD_NAME, ModelCard, load_card

WEIGHTS_GROUP = "stemdesk.weights"
DEFAULT_MODEL = "bandmask_small"


def _roots() -> list[Path]:
    """Folders that hold model folders; the user's own come last and can shadow nothing."""
    roots = []
    for entry in importlib.metadata.entry_points(group=WEIGHTS_GROUP):
        package = importlib.resources.files(entry.module)
        roots.append(Path(str(package)))
    return [*roots, models_dir()]


def model_folders() -> dict[str, Path]:
    """Model id -> folder, in the order of listing."""
    found: dict[str, Path] = {}
    for root in _roots():
        for card in sorted(root.glob(f"*/{CARD_NAME}")):
            found.setdefault(card.parent.name, card.parent)
    return found


def list_models() -> list[ModelCard]:
    """The cards of all models that are there.

    Raises:
        UserError: a card cannot be read; names it.
    """
    return [load_card(folder) for folder in model_folders().values()]


def find_model(name: str | None) -> Path:
    """The folder of the model ``name`` (an id, or a path to a model folder); None: the default.

    Raises:
        UserError: there is no such model; lists those there are.
    """
    folders = model_folders()
    name = name or DEFAULT_MODEL
    if name in folders:
        return folders[name]
    if (Path(name) / CARD_NAME).is_file():
        return Path(name)
    remedy = (
        f"choose one of: {', '.join(folders)}" if folders else "no model is installed; train one"
    )
    raise UserError(f"There is no model {name!r}", remedy)
