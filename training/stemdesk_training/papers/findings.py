"""What the papers claim, and whether it is seen in the scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stemdesk_training.papers.rows import ALPHAS, NMF

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from stemdesk_training.evaluation.scoring import SongScore

ALIKE_DB = 0.2
LEAST_POINTS = 3  # of a curve: fewer say nothing of its course


@dataclass(frozen=True)
class Finding:
    """One claim.

    Attributes:
        paper: which makes it.
        claim: in a few words.
        seen: whether it is so here; None where that cannot be told.
        figures: by which.
    """

    paper: str
    claim: str
    seen: bool | None
    figures: str


class Board:
    """The scores by system.

    Args:
        scores: of all systems on all songs.
    """

    def __init__(self, scores: Sequence[SongScore]) -> None:
        self._scores: dict[str, list[SongScore]] = {}
        for score in scores:
            self._scores.setdefault(score.system, []).append(score)

    def __contains__(self, system: object) -> bool:
        return system in self._scores

    def of(self, system: str) -> list[SongScore]:
        """All of one system, a song each; empty where there are none."""
        return self._scores.get(system, [])

    def median(self, system: str, metric: str, stem: str = "vocals") -> float:
        """Over songs, of the median over seconds; NaN where nothing is known."""
        values = [
            score.stems[stem].median(metric) for score in self.of(system) if stem in score.stems
        ]
        known = [value for value in values if np.isfinite(value)]
        return float(np.median(known)) if known else float("nan")

    def gnsdr(self, system: str, stem: str = "vocals") -> float:
        """Mean over songs of the gain in SDR over the mixture, dB."""
        values = [score.stems[stem].nsdr for score in self.of(system) if stem in score.stems]
        return float(np.mean(values)) if values else float("nan")

    def mean_sdr(self, system: str) -> float:
        """Mean over vocals and accompaniment."""
        return (self.median(system, "SDR") + self.median(system, "SDR", "accompaniment")) / 2


def findings(board: Board) -> list[Finding]:
    """All claims of the papers for which the systems were scored."""
    found = [make(board) for systems, make in _CLAIMS if all(name in board for name in systems)]
    return [replace(each, seen=None) if "nan" in each.figures else each for each in found]


def alpha_row(system: str, alpha: float) -> str:
    """The name of a system's row at an alpha."""
    return f"{system}, alpha {alpha}"


def _p1_trade(board: Board) -> Finding:
    sir = [board.median(alpha_row("p1_dnn", alpha), "SIR") for alpha in ALPHAS]
    sar = [board.median(alpha_row("p1_dnn", alpha), "SAR") for alpha in ALPHAS]
    known = np.isfinite(sir) & np.isfinite(sar)
    sir, sar = [list(np.asarray(each)[known]) for each in (sir, sar)]
    alphas = np.asarray(ALPHAS)[known]
    rising, falling = np.all(np.diff(sir) > 0), np.all(np.diff(sar) < 0)
    figures = ", ".join(
        f"{alpha}: {a:.1f} / {b:.1f}" for alpha, a, b in zip(alphas, sir, sar, strict=True)
    )
    return Finding(
        "P1",
        "alpha trades interference (SIR) for artefacts (SAR)",
        bool(rising and falling) if len(alphas) >= LEAST_POINTS else None,
        f"vocals' SIR / SAR in dB at alpha {figures}",
    )


def _p1_ahead(board: Board) -> Finding:
    gain = sar_at_equal_sir(board, "p1_dnn", NMF)
    return Finding(
        "P1",
        "the network is ahead of NMF in SAR at equal SIR, on vocals (by 3 dB there)",
        None if np.isnan(gain) else bool(gain > 0),
        "too little is left of the voice, or the ranges of SIR do not meet"
        if np.isnan(gain)
        else f"{gain:+.1f} dB",
    )


def sar_at_equal_sir(board: Board, first: str, second: str) -> float:
    """Mean advantage in SAR, dB, over the range of SIR that two systems' curves share.

    Each curve goes as far as a higher alpha still raises SIR: behind that, nothing is left of the
    voice but what no ratio means anything of.
    """
    curves = [_rising(board, system) for system in (first, second)]
    if min(map(len, curves)) < 2:
        return float("nan")
    low = max(curve[0, 0] for curve in curves)
    high = min(curve[-1, 0] for curve in curves)
    if not low < high:
        return float("nan")
    at = np.linspace(low, high, 50)
    first_sar, second_sar = (np.interp(at, curve[:, 0], curve[:, 1]) for curve in curves)
    return float(np.mean(first_sar - second_sar))


def _rising(board: Board, system: str) -> NDArray[np.float64]:
    points: list[tuple[float, float]] = []
    for alpha in ALPHAS:
        row = alpha_row(system, alpha)
        sir, sar = board.median(row, "SIR"), board.median(row, "SAR")
        if not np.isfinite([sir, sar]).all() or (points and sir <= points[-1][0]):
            break
        points.append((sir, sar))
    return np.array(points)


def _p1_ideal(board: Board) -> Finding:
    rows = [alpha_row(system, alpha) for system in ("p1_dnn", NMF) for alpha in ALPHAS]
    best = float(np.nanmax([board.median(row, "SDR") for row in rows]))
    ideal = board.median("IBM1", "SDR")
    return Finding(
        "P1",
        "the ideal binary mask lies above both",
        bool(ideal > best),
        f"vocals' SDR {ideal:.2f} against {best:.2f} dB",
    )


def _p2_order(board: Board) -> Finding:
    cnn1, cnn2, dnn = (board.mean_sdr(name) for name in ("p2_cnn1", "p2_cnn2", "p2_dnn"))
    return Finding(
        "P2",
        "ratio masks (cnn1) score above binary ones (cnn2)",
        bool(cnn1 > cnn2),
        f"mean SDR: cnn1 {cnn1:.2f}, cnn2 {cnn2:.2f}, dnn {dnn:.2f} dB",
    )


def _p3_pretraining(board: Board) -> Finding:
    return _against(board, "P3", "pre-training on clean voices helps", "p3_pretrained", "p3_plain")


def _p3_theta(board: Board) -> Finding:
    rows = ("p3_plain, theta 0", "p3_plain", "p3_plain, theta 0.35")
    gained = [board.gnsdr(row) for row in rows]
    return Finding(
        "P3",
        "a threshold theta under which scores count as zero helps",
        bool(max(gained[1:]) > gained[0]),
        f"vocals' GNSDR at 0, 0.15, 0.35: {', '.join(f'{g:.2f}' for g in gained)} dB",
    )


def _p3_rpca(board: Board) -> Finding:
    best = max(board.gnsdr("p3_plain"), board.gnsdr("p3_pretrained"))
    rpca = board.gnsdr("rpca")
    return Finding(
        "P3",
        "ahead of robust PCA (by 5.9 dB GNSDR there)",
        bool(best > rpca),
        f"vocals: {best:.2f} against {rpca:.2f} dB",
    )


def _p4_l1(board: Board) -> Finding:
    sir = [board.median(name, "SIR") for name in ("p4_mse", "p4_l1")]
    sar = [board.median(name, "SAR") for name in ("p4_mse", "p4_l1")]
    return Finding(
        "P4",
        "by ear: L1 isolates the voice more, MSE sounds better",
        bool(sir[1] > sir[0] and sar[0] > sar[1]),
        f"vocals' SIR {sir[0]:.2f} (MSE) and {sir[1]:.2f} (L1), SAR {sar[0]:.2f} and"
        f" {sar[1]:.2f} dB",
    )


def _p5_networks(board: Board) -> Finding:
    names = ("p5_unet", "p5_densenet", "p5_mmdensenet")
    unet, dense, multi = (board.mean_sdr(name) for name in names)
    seen = unet > max(dense, multi) and abs(dense - multi) < 1
    return Finding(
        "P5",
        "the U-Net is ahead of DenseNet and MMDenseNet, which are alike",
        bool(seen),
        f"mean SDR {unet:.2f}, {dense:.2f}, {multi:.2f} dB",
    )


def _p5_l1(board: Board) -> Finding:
    sir = [board.median(name, "SIR") for name in ("p5_unet", "p5_unet_mse")]
    sar = [board.median(name, "SAR") for name in ("p5_unet", "p5_unet_mse")]
    return Finding(
        "P5",
        "L1 separates more, MSE sounds more natural",
        bool(sir[0] > sir[1] and sar[1] > sar[0]),
        f"vocals' SIR {sir[0]:.2f} (L1) and {sir[1]:.2f} (MSE), SAR {sar[0]:.2f} and"
        f" {sar[1]:.2f} dB",
    )


def _p5_divergences(board: Board) -> Finding:
    kl, itakura, mix = (board.mean_sdr(name) for name in ("p5_unet_kl", "p5_unet_is", "MIX"))
    l1 = board.mean_sdr("p5_unet")
    return Finding(
        "P5",
        "KL and IS fail: what they give is about the mixture (within 1 dB)",
        bool(max(abs(kl - mix), abs(itakura - mix)) < 1),
        f"mean SDR: KL {kl:.2f}, IS {itakura:.2f}, L1 {l1:.2f}, mixture {mix:.2f} dB",
    )


def _p5_log(board: Board) -> Finding:
    log, mse = board.mean_sdr("p5_unet_log_mse"), board.mean_sdr("p5_unet_mse")
    return Finding(
        "P5",
        "MSE of logarithms is about MSE",
        bool(abs(log - mse) < 1),
        f"mean SDR {log:.2f} against {mse:.2f} dB",
    )


def _p5_bleed(board: Board) -> Finding:
    rows = ("p5_unet", "p5_unet, binarise=10", "p5_unet, gate=0.2")
    sir, sar = ([board.median(row, metric) for row in rows] for metric in ("SIR", "SAR"))
    seen = min(sir[1:]) > sir[0] and max(sar[1:]) < sar[0]
    return Finding(
        "P5",
        "binarised masks and the energy gate raise SIR and cost SAR",
        bool(seen),
        f"vocals' SIR {sir[0]:.2f}, {sir[1]:.2f}, {sir[2]:.2f}, SAR {sar[0]:.2f}, {sar[1]:.2f},"
        f" {sar[2]:.2f} dB (plain, binarised, gated)",
    )


def _p5_wiener(board: Board) -> Finding:
    plain, wiener = (board.mean_sdr(row) for row in ("p5_unet", "p5_unet, wiener=1"))
    return Finding(
        "P5",
        "the multichannel Wiener filter does not help",
        bool(wiener < plain + ALIKE_DB),
        f"mean SDR {wiener:.2f} against {plain:.2f} dB",
    )


def _p5_augmentation(board: Board) -> Finding:
    names = ("swap", "stretch", "pitch", "loudness", "combined")
    plain = board.median("p5_unet", "SDR")
    gains = [board.median(f"p5_unet_{name}", "SDR") - plain for name in names]
    return Finding(
        "P5",
        f"augmentation changes little, within {ALIKE_DB} dB",
        bool(max(map(abs, gains)) <= ALIKE_DB),
        "vocals' SDR: "
        + ", ".join(f"{n} {g:+.2f}" for n, g in zip(names, gains, strict=True))
        + " dB",
    )


def _against(board: Board, paper: str, claim: str, first: str, second: str) -> Finding:
    a, b = board.gnsdr(first), board.gnsdr(second)
    return Finding(paper, claim, bool(a > b), f"vocals' GNSDR {a:.2f} against {b:.2f} dB")


_ALPHA_ROWS = {
    system: tuple(alpha_row(system, alpha) for alpha in ALPHAS) for system in ("p1_dnn", NMF)
}
_AUGMENTED = tuple(
    f"p5_unet_{name}" for name in ("swap", "stretch", "pitch", "loudness", "combined")
)
# With the systems that each needs.
_CLAIMS: tuple[tuple[tuple[str, ...], Callable[[Board], Finding]], ...] = (
    (_ALPHA_ROWS["p1_dnn"], _p1_trade),
    ((*_ALPHA_ROWS["p1_dnn"], *_ALPHA_ROWS[NMF]), _p1_ahead),
    ((*_ALPHA_ROWS["p1_dnn"], *_ALPHA_ROWS[NMF], "IBM1"), _p1_ideal),
    (("p2_cnn1", "p2_cnn2", "p2_dnn"), _p2_order),
    (("p3_pretrained", "p3_plain"), _p3_pretraining),
    (("p3_plain, theta 0", "p3_plain", "p3_plain, theta 0.35"), _p3_theta),
    (("p3_plain", "p3_pretrained", "rpca"), _p3_rpca),
    (("p4_mse", "p4_l1"), _p4_l1),
    (("p5_unet", "p5_densenet", "p5_mmdensenet"), _p5_networks),
    (("p5_unet", "p5_unet_mse"), _p5_l1),
    (("p5_unet", "p5_unet_kl", "p5_unet_is", "MIX"), _p5_divergences),
    (("p5_unet_log_mse", "p5_unet_mse"), _p5_log),
    (("p5_unet", "p5_unet, binarise=10", "p5_unet, gate=0.2"), _p5_bleed),
    (("p5_unet", "p5_unet, wiener=1"), _p5_wiener),
    (("p5_unet", *_AUGMENTED), _p5_augmentation),
)
