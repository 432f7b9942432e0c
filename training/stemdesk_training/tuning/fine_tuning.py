"""What fine-tuning adds to a run; the trainer, its feed and its scoring call this."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import build_network, load_network
from stemdesk_training.tuning.anchor import draw_back
from stemdesk_training.tuning.begun import Begun, read_begun, splits_of, write_begun
from stemdesk_training.tuning.blending import blend
from stemdesk_training.tuning.freezing import PROBE_STEPS, freeze, frozen_names, policy_for
from stemdesk_training.tuning.guard import Pair, best_blend, refusal
from stemdesk_training.tuning.listening import Listening, step_folder
from stemdesk_training.tuning.reference import ReferencePack, ReferenceSet
from stemdesk_training.tuning.replay import Replay
from stemdesk_training.tuning.tuned_card import Facts, complete, material_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import torch

    from stemdesk.errors import UserError
    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Recipe
    from stemdesk_training.run.events import Scores
    from stemdesk_training.tuning_settings import FreezePolicy, Tuning

    Weights = Mapping[str, torch.Tensor]
    Score = Callable[[MaskNetwork], Scores]

DIGITS = 3


@dataclass(frozen=True)
class Judged:
    """What was found of tuned weights.

    Attributes:
        base: the base model's scores.
        pair: theirs.
        allowed: whether they may be saved.
        completed: makes of a trained model's card that of a tuned one.
    """

    base: Pair
    pair: Pair
    allowed: bool
    completed: Callable[[ModelCard], ModelCard]


class FineTuning:
    """One fine-tuning run.

    Args:
        recipe: with a ``[tuning]`` table.
        tuning: that table.
        pool: the studio's songs.
        run: the run's folder.
        device: where networks run.

    Raises:
        UserError: there is no such base model or reference pack, or the run was begun with other
            songs or another base model.
    """

    def __init__(
        self, recipe: Recipe, tuning: Tuning, pool: Path, run: Path, device: torch.device
    ) -> None:
        self._recipe, self._tuning, self._pool, self._run = recipe, tuning, pool, run
        self._device = device
        card, network = load_network(find_model(tuning.base))
        self._base = network.to(device)
        self._pack = ReferencePack(Path(tuning.reference) if tuning.reference else None)
        material = material_of(pool)
        begun = read_begun(run)
        if begun is not None:
            begun.require_same(run, pool, material, card)
        self._policy = tuning.freeze
        if self._policy == "auto":
            # What was decided once holds: other weights have no state in the optimiser.
            decided = policy_for(material.train_seconds) if begun is None else begun.freeze
            self._policy = cast("FreezePolicy", decided)
        told = self._policy if isinstance(self._policy, str) else ", ".join(self._policy)
        self._facts = Facts(card, tuning, told, material)
        self._reference_set: ReferenceSet | None = None
        self._listening: Listening | None = None

    @property
    def post(self) -> list[str]:
        """Post-processing stages of the base, which the tuned model inherits."""
        return self._facts.base.post

    def attach(self, network: MaskNetwork, optimiser: torch.optim.Optimizer) -> None:
        """Freeze parts of the network and anchor the others; it must hold the base weights."""
        model = self._recipe.model
        steps = -(-PROBE_STEPS // model.chunk.multiple_of) * model.chunk.multiple_of
        shape = (model.channels, model.stft.bins, steps)
        freeze(network, frozen_names(network, self._policy, shape))
        draw_back(network, optimiser, self._tuning.l2_sp)

    def replay(self, size: int, rows: slice) -> Replay | None:
        """What puts base material among the ``rows`` of batches of ``size``; None where none is."""
        if not self._tuning.replay:
            return None
        pool = self._pack.replay_pool()
        return Replay(self._recipe, pool, self._tuning.replay, size, rows)

    def weights(self, tuned: Weights) -> dict[str, torch.Tensor]:
        """What is scored and saved: the blend that the recipe asks for."""
        return blend(self._base.state_dict(), tuned, self._tuning.blend)

    def base(self, score: Score) -> Pair:
        """The base model's scores, measured once in a run."""
        begun = read_begun(self._run)
        if begun is None:
            facts = self._facts
            scores = Pair(score(self._base), self._reference(self._base))
            begun = Begun(
                pool=str(self._pool.resolve()),
                base_sha256=facts.base.sha256,
                freeze=facts.freeze,
                material=facts.material,
                scores=scores,
                songs=splits_of(self._pool),
                post=self.post,
            )
            write_begun(self._run, begun)
        return begun.scores

    def judge(self, network: MaskNetwork, songs: Scores) -> Judged:
        """Score a network on the reference set too, and say whether it may be saved.

        Args:
            network: with the weights that would be saved.
            songs: its scores on the studio's songs.
        """
        begun = read_begun(self._run)
        if begun is None:
            raise RuntimeError("the base model was never scored")
        base, tuned = begun.scores, Pair(songs, self._reference(network))
        allowed = self._tuning.save_anyway or tuned.loss_db(base) <= self._tuning.guard_db

        def completed(card: ModelCard) -> ModelCard:
            return complete(card, self._facts, self._pack, base, tuned)

        return Judged(base, tuned, allowed, completed)

    def refusal(self, judged: Judged, average: Weights, score: Score) -> UserError:
        """Why a model is not saved, and what to do: perhaps a blend that keeps the guard.

        Args:
            judged: what was found of it.
            average: its weights before any blend.
            score: scores of a network on the studio's songs.
        """
        network = build_network(self._recipe.model.card()).to(self._device).eval()

        def blended(share: float) -> Pair:
            network.load_state_dict(blend(self._base.state_dict(), average, share))
            return Pair(score(network), self._reference(network))

        guard_db = self._tuning.guard_db
        offer = best_blend(judged.base, guard_db, blended)
        names = (self._facts.base.id, self._run)
        return refusal(names, judged.base, judged.pair, guard_db, offer)

    def _reference(self, network: MaskNetwork) -> Scores:
        if self._reference_set is None:
            self._reference_set = ReferenceSet(self._recipe, self._pack, self.post)
        scores = self._reference_set.score(network)
        return {stem: round(score_db, DIGITS) for stem, score_db in scores.items()}

    def listen(self, step: int, network: MaskNetwork) -> Path | None:
        """Separate the user's song by base and checkpoint; None where there is no song.

        Raises:
            UserError: the song cannot be read.
        """
        tuning = self._tuning
        if tuning.listen is None:
            return None
        if self._listening is None:
            song = Path(tuning.listen)
            self._listening = Listening(
                self._facts.base, self._base, song, tuning.listen_seconds, self._device
            )
        return self._listening.render(network, step_folder(self._run, step))
