"""The rows of the comparison: which system is learnt how, and heard how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from stemdesk_training.recipe import load_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk_training.recipe import Recipe

ALPHAS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
NMF = "p1_nmf"
PAPER = ("--reconstruction", "paper")  # where it gives other stems than the null law


@dataclass(frozen=True)
class Learner:
    """One training.

    Attributes:
        name: of its run and its model.
        recipe: file name in the folder of recipes, less its ending.
        changes: to the recipe: dotted field -> value.
        after: the learner whose finished model it begins from.
        share: of the budget, where two learners make one system.
    """

    name: str
    recipe: str
    changes: dict[str, Any] = field(default_factory=dict)
    after: str | None = None
    share: float = 1.0


@dataclass(frozen=True)
class Row:
    """One system as it is scored.

    Attributes:
        name: in tables.
        paper: `P1` to `P5`, or `-` for what is older than they.
        title: in words.
        model: a learner's name, or the id of a shipped model.
        separate: words of ``stemdesk separate``.
        options: of the network, instead of the model card's.
    """

    name: str
    paper: str
    title: str
    model: str
    separate: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


_LOSSES = ("mse", "kl", "is", "log_mse")
_AUGMENTED = {
    "swap": "p5_channel_swap",
    "stretch": "p5_stretch_15",
    "pitch": "p5_pitch_15",
    "loudness": "p5_loudness_15",
    "combined": "p5_combined_30",
}

LEARNERS = (
    Learner("p1_dnn", "p1_dnn"),
    Learner(NMF, NMF),
    Learner("p2_dnn", "p2_dnn"),
    Learner("p2_cnn1", "p2_cnn1"),
    Learner("p2_cnn2", "p2_cnn2"),
    Learner("p3_plain", "p3_cnn"),
    Learner("p3_pretraining", "p3_pretraining", share=0.5),
    Learner("p3_pretrained", "p3_cnn", after="p3_pretraining", share=0.5),
    *(Learner(name, name) for name in ("p4_mse", "p4_l1", "p4_dual", "p4_transformer", "p4_wave")),
    *(Learner(name, name) for name in ("p5_unet", "p5_densenet", "p5_mmdensenet")),
    *(
        Learner(f"p5_unet_{loss}", "p5_unet", {"losses": {f"magnitude_{loss}": 1.0}})
        for loss in _LOSSES
    ),
    *(
        Learner(f"p5_unet_{name}", "p5_unet", {"data.augmentation": preset})
        for name, preset in _AUGMENTED.items()
    ),
)

ROWS = (
    Row("repet", "-", "REPET", "repet"),
    Row("rpca", "-", "robust PCA", "rpca"),
    *(
        Row(
            f"{name}, alpha {alpha}",
            "P1",
            f"{title}, alpha {alpha}",
            name,
            ("--alpha", str(alpha), *PAPER),
        )
        for name, title in (("p1_dnn", "Deep Karaoke network"), (NMF, "NMF"))
        for alpha in ALPHAS
    ),
    Row("p2_dnn", "P2", "dnn", "p2_dnn"),
    Row("p2_cnn1", "P2", "cnn1", "p2_cnn1"),
    Row("p2_cnn2", "P2", "cnn2", "p2_cnn2"),
    Row("p3_plain", "P3", "CNN", "p3_plain"),
    Row("p3_pretrained", "P3", "CNN, pre-trained", "p3_pretrained"),
    Row("p3_plain, theta 0", "P3", "CNN, theta 0", "p3_plain", options={"theta": 0.0}),
    Row("p3_plain, theta 0.35", "P3", "CNN, theta 0.35", "p3_plain", options={"theta": 0.35}),
    Row("p4_mse", "P4", "Open-Unmix, MSE", "p4_mse", PAPER),
    Row("p4_l1", "P4", "Open-Unmix, L1", "p4_l1", PAPER),
    Row("p4_dual", "P4", "Open-Unmix, dual loss", "p4_dual", PAPER),
    Row("p4_transformer", "P4", "transformer", "p4_transformer", PAPER),
    Row("p4_wave", "P4", "time domain", "p4_wave", PAPER),
    Row("p5_unet", "P5", "U-Net, L1", "p5_unet"),
    Row("p5_densenet", "P5", "DenseNet, L1", "p5_densenet"),
    Row("p5_mmdensenet", "P5", "MMDenseNet, L1", "p5_mmdensenet"),
    *(Row(f"p5_unet_{loss}", "P5", f"U-Net, {loss}", f"p5_unet_{loss}") for loss in _LOSSES),
    *(
        Row(f"p5_unet_{name}", "P5", f"U-Net, augmented: {name}", f"p5_unet_{name}")
        for name in _AUGMENTED
    ),
    *(
        Row(f"p5_unet, {post}", "P5", f"U-Net, {post}", "p5_unet", ("--post", post))
        for post in ("binarise=10", "gate=0.2", "wiener=1")
    ),
    Row("bandmask_small", "-", "the first model", "bandmask_small"),
)


def recipe_of(learner: Learner, recipes: Path, minutes: float, init: Path | None) -> Recipe:
    """The learner's recipe at a budget.

    Args:
        learner: which.
        recipes: folder of the papers' recipes.
        minutes: of a processor's time for training; a learner takes its share of them.
        init: finished model that it begins from.
    """
    recipe = load_recipe(recipes / f"{learner.recipe}.toml")
    tree = msgspec.to_builtins(recipe)
    tree["model"]["id"] = learner.name
    tree["optimiser"] |= {"minutes": minutes * learner.share, "clock": "processor"}
    tree["init"] = str(init) if init else None
    for dotted, value in learner.changes.items():
        *path, last = dotted.split(".")
        place = tree
        for key in path:
            place = place[key]
        place[last] = value
    return msgspec.convert(tree, type(recipe))
