"""A new model between a tuned one and its base."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import safetensors

from stemdesk.errors import UserError
from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.json_text import read_json
from stemdesk.paths import models_dir
from stemdesk.separation.catalogue import find_model, model_folders
from stemdesk.separation.checkpoint import load_network, save_network
from stemdesk_training.run.folder import kept_recipe
from stemdesk_training.run.state import CHECKPOINT_NAME
from stemdesk_training.tuning.begun import read_begun
from stemdesk_training.tuning.blending import blend
from stemdesk_training.tuning.guard import Pair
from stemdesk_training.tuning.plan import make_recipe
from stemdesk_training.tuning.reference import ReferencePack, ReferenceSet
from stemdesk_training.tuning.tuned_card import Facts, Material, complete, scores_of
from stemdesk_training.tuning_settings import Tuning
from stemdesk_training.validation import Validation

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Recipe
    from stemdesk_training.tuning.begun import Begun

    Weights = Mapping[str, torch.Tensor]

RECIPE_NAME = "recipe.json"


@dataclass(frozen=True)
class Tuned:
    """Tuned weights and where they come from.

    Attributes:
        card: of the tuned model.
        weights: by name.
        recipe: of a run; for a finished model one that says how it is to be heard.
        blend: how much of what was learnt these weights hold already.
        begun: of a run; None for a finished model, whose songs are not at hand.
    """

    card: ModelCard
    weights: Weights
    recipe: Recipe
    blend: float = 1.0
    begun: Begun | None = None


class Blender:
    """A tuned model and its base, and everything between.

    Args:
        tuned: id or folder of a tuned model, or the folder of a fine-tuning run.
        device: where networks run.

    Raises:
        UserError: there is no such model, it was not tuned, or its base is not at hand.
    """

    def __init__(self, tuned: str, device: torch.device) -> None:
        run = Path(tuned)
        is_run = (run / CHECKPOINT_NAME).is_file() and (run / RECIPE_NAME).is_file()
        self.tuned = _of_run(run) if is_run else _of_model(tuned)
        tuning = self._tuning
        self.base_card, network = load_network(find_model(tuning.base))
        self._check_base(tuned)
        self._base = {name: value.clone() for name, value in network.state_dict().items()}
        self._network: MaskNetwork = network.to(device)
        self._pack = ReferencePack(Path(tuning.reference) if tuning.reference else None)
        # Blends are scored with the post-processing that they are saved with.
        post = self.base_card.post if self.tuned.begun else self.tuned.card.post
        self._reference = ReferenceSet(self.tuned.recipe, self._pack, post)
        self._validation: Validation | None = None
        if self.tuned.begun is not None and Path(self.tuned.begun.pool).is_dir():
            self._validation = Validation(self.tuned.recipe, Path(self.tuned.begun.pool), post)

    @property
    def _tuning(self) -> Tuning:
        if self.tuned.recipe.tuning is None:
            raise UserError("That run is no fine-tuning", "name one that stemdesk tune made")
        return self.tuned.recipe.tuning

    def _check_base(self, name: str) -> None:
        begun, told = self.tuned.begun, self.tuned.card.training.get("tuning", {})
        wanted = begun.base_sha256 if begun else told["base_sha256"]
        if wanted != self.base_card.sha256:
            raise UserError(
                f"{name} was tuned from a {self.base_card.id} with other weights than the one here",
                "install that version of the base model",
            )

    def weights(self, share: float) -> Weights:
        """Weights with a share of the tuned ones; see :func:`blend`."""
        return blend(self._base, self.tuned.weights, share)

    def score(self, share: float) -> Pair:
        """Scores of a blend on the reference set, and on the studio's songs where they are."""
        self._network.load_state_dict(self.weights(share))
        songs = self._validation.score(self._network) if self._validation else {}
        return Pair(songs, self._reference.score(self._network))

    def save(self, share: float, name: str | None, base: Pair, found: Pair) -> Path:
        """Make a model folder of a blend among the user's models.

        Args:
            share: of the tuned weights.
            name: title of the model; None: that of the tuned one, with the share.
            base: scores of the base.
            found: scores of the blend.

        Raises:
            UserError: the disk refuses.
        """
        own = self.tuned.card
        percent = f"{share * 100:g}"
        model_id = _free(f"{own.id}_{percent.replace('.', '_')}")
        title = name or f"{own.title}, {percent} % of it"
        card = msgspec.structs.replace(own, id=model_id, title=title)
        if self.tuned.begun is None:
            training = {**card.training, "tuning": {**card.training["tuning"]}}
            training["tuning"]["blend"] = share * self.tuned.blend
            scores = scores_of(self.base_card.id, self._pack.key, base, found)
            card = msgspec.structs.replace(card, training=training, scores=scores)
        else:
            begun, tuning = self.tuned.begun, msgspec.structs.replace(self._tuning, blend=share)
            facts = Facts(self.base_card, tuning, begun.freeze, begun.material)
            card = complete(card, facts, self._pack, base, found)
        folder = models_dir() / model_id
        save_network(folder, card, dict(self.weights(share)))
        return folder


def _of_model(name: str) -> Tuned:
    folder = find_model(name)
    card, network = load_network(folder)
    told: dict[str, Any] = card.training.get("tuning", {})
    if "base" not in told:
        raise UserError(
            f"The model {card.id} was not tuned from another", "name one that stemdesk tune made"
        )
    nothing = Material([], 0, 0, ends=False)
    recipe = make_recipe(card, Tuning(base=told["base"]), (card.id, card.title), nothing)
    return Tuned(card, network.state_dict(), recipe, float(told.get("blend", 1.0)))


def _of_run(run: Path) -> Tuned:
    begun = read_begun(run)
    if begun is None:
        raise UserError(f"The run in {run} has not begun to tune", "name one that has")
    recipe = kept_recipe(run)
    path, prefix = run / CHECKPOINT_NAME, "average."
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            step = read_json(file.metadata()["state"])["step"]
            names = [name for name in file.keys() if name.startswith(prefix)]  # noqa: SIM118
            weights = {name.removeprefix(prefix): file.get_tensor(name) for name in names}
    except (OSError, safetensors.SafetensorError, LookupError, Unreadable, TypeError) as error:
        raise UserError(f"The checkpoint {path} cannot be used ({error})", "tune anew") from error
    training = {"note": recipe.note, "steps": step, "losses": dict(recipe.losses)}
    return Tuned(recipe.model.card(training=training), weights, recipe, begun=begun)


def _free(wanted: str) -> str:
    taken, number, found = model_folders(), 2, wanted
    while found in taken:
        found, number = f"{wanted}_{number}", number + 1
    return found
