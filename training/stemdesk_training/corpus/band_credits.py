"""Whose recordings the band is made of, and what its training never hears."""

from stemdesk_training.corpus import hydrogen_kits

CREDITS: dict[str, str] = {
    "instruments": "growlybass, D. Smolken double bass, emilyguitar, GoGoDze Phu drums, Sonic Pi "
    "samples: CC0; garden: mot4i",
    "midi/groove": "Groove MIDI Dataset (Magenta), CC BY 4.0",
    "midi/nottingham": "Nottingham tunes, GPL-3.0",
    "soundfonts": "FluidR3 GM and MuseScore General, MIT",
    "soundfonts/sf_GMbank": "Csound's GM bank, public domain",
    **{f"hydrogen-drumkits/{kit}": said for kit, said in hydrogen_kits.LICENCES.items()},
}

HELD_OUT: dict[str, list[str]] = {
    "drums": [
        "garden_mot4i hits",
        "ColomboAcousticDrumkit",
        "MuseScore General, kits 1, 26, 40",
        "groove drummer2 and drummer10",
        "loop_breakbeat, loop_mika, arovane_beat_e",
    ],
    "bass": ["double bass arco", "MuseScore General, programs 32, 37"],
    "other": [
        "MuseScore General, with programs unheard in training",
        "guitars of MuseScore General through amplifiers",
        "organ and square-wave synthesisers",
        "every tenth Nottingham tune",
    ],
}
