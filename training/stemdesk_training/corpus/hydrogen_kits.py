"""Drum kits of Debian's package ``hydrogen-drumkits``, those whose licences suit GPL-3 weights.

Left out: the kits under GPL version 2 alone (ForzeeStereo, Gimme A Hand, Millo, The Black Pearl)
and under CC BY-SA 3.0 (BJA_Pacific, circAfrique), which GPL-3 cannot take in; and Audiophob, whose
single sounds come from many uploaders while one of them dedicates the whole.
"""

from pathlib import Path

FOLDER = Path("/usr/share/hydrogen/data/drumkits")
# Kit to licence: GPL-2+ by Artemiy Pavlov (first three) and Marcos Guglielmetti, CC BY by Rumpf.
LICENCES = {
    "ElectricEmpireKit": "Artemiy Pavlov, GPL-2.0-or-later",
    "HardElectro1": "Artemiy Pavlov, GPL-2.0-or-later",
    "VariBreaks": "Artemiy Pavlov, GPL-2.0-or-later",
    "ColomboAcousticDrumkit": "Marcos Guglielmetti, GPL-2.0-or-later with exception",
    "rumpf_kit_z01_h2": "Emanuel Rumpf, CC BY 3.0",
}
_FILES: dict[str, dict[str, tuple[str, ...]]] = {
    "ElectricEmpireKit": {
        "kick": ("EE_Kick_*",),
        "snare": ("EE_Snare_*",),
        "clap": ("EE_Clap*",),
        "rim": ("EE_Click",),
        "hat_closed": ("EE_Hat_Cl_*", "EE_Hat_Low", "EE_Hat_Ring_*"),
        "hat_open": ("EE_Hat_Op_*",),
        "perc": ("EE_Conga_*", "EE_Drum_*", "EE_Whistle"),
    },
    "HardElectro1": {
        "kick": ("HardHse_K_*", "PowR_BD_1"),
        "snare": ("PowR_SN_1",),
        "clap": ("Amp_Clap_1", "Clap_1"),
        "hat_closed": ("CHH_1", "Hard_CHH_*", "PowR_HH_*", "FX_Chh_01"),
        "hat_open": ("Hard_Hse_OHH_1",),
        "perc": ("xFX_6", "yFX_*"),
    },
    "VariBreaks": {
        "kick": ("VP Kick *",),
        "snare": ("VP Snare *",),
        "rim": ("VP Click",),
        "hat_closed": ("VP Hat ? Cl", "VP Hat 1 Pd"),
        "hat_open": ("VP Hat 1 Op",),
        "tom_low": ("VP Tom Low",),
        "tom_mid": ("VP Tom Mid",),
        "tom_high": ("VP Tom Hi",),
        "perc": ("VP Drum",),
    },
    "ColomboAcousticDrumkit": {
        "kick": ("bassdrum-*",),
        "snare": ("snare-*",),
        "rim": ("stick-rim-9",),
        "hat_closed": ("hihat-closed-*",),
        "hat_open": ("hihat-open-*", "hihat-semi-open-*"),
        "tom_low": ("tom-low-1",),
        "tom_mid": ("tom-mid-1",),
        "tom_high": ("tom-hi-1",),
        "crash": ("crash16i__crash1", "crash20i__crash"),
        "ride": ("crash16i__ride*", "crash20i__ride*"),
    },
    "rumpf_kit_z01_h2": {
        "kick": ("beats_06-38", "beats_06-46", "beats_07-18", "beats_07-20"),
        "snare": ("beats_01-21", "beats_06-25"),
        "clap": ("beats_01-26",),
        "rim": ("beats_09-12",),
        "hat_closed": ("beats_09-10", "beats_06-28"),
        "hat_open": ("beats_08-31",),
        "tom_low": ("beats_08-17",),
        "tom_mid": ("beats_08-18",),
        "tom_high": ("beats_08-19",),
        "crash": ("beats_06-43", "beats_08-20"),
        "ride": ("beats_06-40", "beats_06-30"),
        "perc": ("beats_08-32", "beats_08-3[3-6]"),
    },
}


def missing() -> list[str]:
    """Names of kits that are not installed."""
    return [f"the drum kit {FOLDER / kit}" for kit in LICENCES if not (FOLDER / kit).is_dir()]


def file_classes(kit: str) -> dict[str, list[Path]]:
    """Hit class to files of a kit."""
    return {
        hit: sorted(path for pattern in patterns for path in (FOLDER / kit).glob(f"{pattern}.flac"))
        for hit, patterns in _FILES[kit].items()
    }
