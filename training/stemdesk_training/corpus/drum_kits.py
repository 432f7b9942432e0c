"""Kits: recorded hits sorted into classes, and mixtures of recorded and synthetic hits."""

from pathlib import Path

import numpy as np

from stemdesk_training.corpus import drum_synthesis, gm_kits, hydrogen_kits
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.waveform import Audio, Rng, chance, fade, frames, pick

Kit = dict[str, list[Audio]]
# Family to drawing weight, by split and by production.
FAMILIES: dict[str, dict[str, list[tuple[str, float]]]] = {
    "train": {
        "electronic": [
            ("machine", 3.0), ("sonic_pi", 2.0), ("ElectricEmpireKit", 1.5),
            ("HardElectro1", 1.0), ("VariBreaks", 1.0), ("fluid 24", 0.4), ("fluid 25", 0.5),
            ("bank 24", 0.5), ("bank 25", 0.6),
        ],
        "acoustic": [
            ("gogodze_oh_mic", 2.0), ("gogodze_front_mic", 1.5), ("rumpf_kit_z01_h2", 1.2),
            ("fluid 0", 0.8), ("fluid 8", 0.8), ("fluid 16", 0.8), ("fluid 32", 0.5),
            ("bank 0", 0.8), ("bank 8", 0.6), ("bank 16", 0.6), ("bank 40", 0.2),
        ],
    },
    "valid": {
        "electronic": [("garden", 2.0), ("musescore 26", 0.5)],
        "acoustic": [("ColomboAcousticDrumkit", 2.0), ("musescore 1", 0.7), ("musescore 40", 0.5)],
    },
}  # fmt: skip
# Kits whose strokes vary; a machine repeats one.
_PLAYED = ("gogodze", "Colombo")
_KICK_SECONDS = 0.45

_SONIC_PI = {
    "kick": ("bd_", "drum_bass", "drum_heavy_kick", "elec_hollow_kick", "elec_soft_kick"),
    "snare": ("sn_", "drum_snare", "elec_snare", "elec_hi_snare", "elec_lo_snare", "elec_filt"),
    "clap": ("perc_snap", "elec_mid_snare"),
    "rim": ("elec_wood", "elec_pop", "drum_cowbell", "elec_plip", "elec_flip"),
    "hat_closed": ("hat_", "drum_cymbal_closed"),
    "hat_open": ("drum_cymbal_open", "ride_", "drum_cymbal_pedal"),
    "tom_low": ("drum_tom_lo", "elec_fuzz_tom"),
    "tom_mid": ("drum_tom_mid",),
    "tom_high": ("drum_tom_hi",),
    "crash": ("drum_cymbal_hard", "drum_splash", "elec_cymbal"),
    "ride": ("drum_cymbal_soft", "ride_"),
    "perc": ("perc_", "tabla_", "glitch_perc", "elec_blip", "elec_twip", "elec_tick"),
}
_GARDEN = {
    "kick": "garden_bd",
    "snare": "garden_sd",
    "clap": "garden_cp",
    "rim": "garden_rim",
    "hat_closed": "garden_hh",
    "hat_open": "garden_oh",
    "tom_low": "garden_lt",
    "tom_mid": "garden_lt",
    "tom_high": "garden_sn",
    "crash": "garden_cr",
    "ride": "garden_cr",
    "perc": "metal",
}
# Prefixes of the file names; the recordings carry no other labels.
_GOGODZE = {
    "kick": ("ks",),
    "snare": ("sc",),
    "clap": ("se",),
    "rim": ("ss",),
    "hat_closed": ("hc", "ht"),
    "hat_open": ("ho",),
    "tom_low": ("tl",),
    "tom_mid": ("tm",),
    "tom_high": ("th",),
    "crash": ("ho",),
    "ride": ("hl", "hh"),
    "perc": ("hf",),
}


def file_classes(instruments: Path, family: str) -> dict[str, list[Path]]:
    """Hit class to files of a recorded family."""
    if family in hydrogen_kits.LICENCES:
        return hydrogen_kits.file_classes(family)
    if family == "sonic_pi":
        folder = instruments / "sonic_pi_samples"
        names = sorted(folder.glob("*.opus"))
        return {
            hit: [p for p in names if p.name.startswith(prefixes)]
            for hit, prefixes in _SONIC_PI.items()
        }
    if family == "garden":
        folder = instruments / "garden_mot4i"
        return {hit: sorted((folder / sub).glob("*.opus")) for hit, sub in _GARDEN.items()}
    mic = family.removeprefix("gogodze_")
    folder = instruments / "gogodze_phu_drums_cc0" / "Samples" / mic
    names = sorted(folder.glob("*.opus"))
    return {hit: [p for p in names if p.name.startswith(c)] for hit, c in _GOGODZE.items()}


def _tight(kick: Audio) -> Audio:
    """A kick that hums on beyond half a second would be a bass to whoever hears it."""
    longest = frames(_KICK_SECONDS)
    return kick if kick.shape[1] <= longest else fade(kick[:, :longest], 0.0, 0.2)


def _recorded(shelf: SampleShelf, files: list[Path], rng: Rng, count: int) -> list[Audio]:
    chosen = [pick(rng, files) for _ in range(count)] if files else []
    return [fade(shelf.get(path)[:, : 44_100 * 3], 0.0, 0.01) for path in chosen]


def draw_kit(shelf: SampleShelf, instruments: Path, family: str, rng: Rng) -> Kit:
    """A kit of one family, at times with hits replaced or layered by synthetic ones.

    Args:
        shelf: keeps decoded files.
        instruments: folder of the recordings.
        family: a name in ``FAMILIES``.
        rng: draws the hits.
    """
    kit = _hits(shelf, instruments, family, rng)
    return kit | {"kick": [_tight(clip) for clip in kit["kick"]]}


def _hits(shelf: SampleShelf, instruments: Path, family: str, rng: Rng) -> Kit:
    kit = drum_synthesis.machine(rng)
    if family == "machine":
        return kit
    if gm_kits.is_one(family):
        return kit | gm_kits.strokes(family)
    played = family.startswith(_PLAYED)
    share = 1.0 if played and chance(rng, 0.8) else rng.uniform(0.5, 1.0)
    for hit, files in file_classes(instruments, family).items():
        clips = _recorded(shelf, files, rng, 4 if played else 1)
        if clips and chance(rng, share):
            kit[hit] = clips
        elif clips and hit in {"kick", "snare", "clap"}:
            kit[hit] = [_layer(kit[hit][0], clips[0])]
    return kit


def _layer(first: Audio, second: Audio) -> Audio:
    length = max(first.shape[1], second.shape[1])
    out = np.zeros((2, length), dtype=np.float32)
    out[:, : first.shape[1]] += 0.7 * first
    out[:, : second.shape[1]] += 0.7 * second
    return out
