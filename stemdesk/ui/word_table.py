"""English texts of the layers without Qt, for translation: titles, stages, reasons.

Those layers speak English; `stemdesk.ui.words` looks up what they say among these.
"""

from __future__ import annotations

from stemdesk.ui.action_table import noop

LANGUAGE = noop("Words", "en")
"""Translated by the code of the translation's language."""
STEMS = (
    noop("Words", "Vocals"),
    noop("Words", "Drums"),
    noop("Words", "Bass"),
    noop("Words", "Other"),
    noop("Words", "Master"),
    noop("Words", "Mix"),
    noop("Words", "Instrumental"),
)
EFFECTS = (
    noop("Words", "Pitch"),
    noop("Words", "Gate"),
    noop("Words", "Equaliser"),
    noop("Words", "Compressor"),
    noop("Words", "Vocal rider"),
    noop("Words", "Delay"),
    noop("Words", "Reverb"),
    noop("Words", "Limiter"),
)
PARAMETERS = (
    noop("Words", "Level"),
    noop("Words", "Pan"),
    noop("Words", "Mute"),
    noop("Words", "Solo"),
    noop("Words", "Polarity"),
    noop("Words", "Bypass"),
    noop("Words", "Ceiling"),
    noop("Words", "Semitones"),
    noop("Words", "Threshold"),
    noop("Words", "Ratio"),
    noop("Words", "Attack"),
    noop("Words", "Release"),
    noop("Words", "Range"),
    noop("Words", "Make-up"),
    noop("Words", "High-pass"),
    noop("Words", "Low shelf"),
    noop("Words", "Low shelf from"),
    noop("Words", "Bell"),
    noop("Words", "Bell at"),
    noop("Words", "Bell Q"),
    noop("Words", "High shelf"),
    noop("Words", "High shelf from"),
    noop("Words", "Low-pass"),
    noop("Words", "Distance"),
    noop("Words", "Speed"),
    noop("Words", "Amount"),
    noop("Words", "Time"),
    noop("Words", "Feedback"),
    noop("Words", "Tone"),
    noop("Words", "Ping-pong"),
    noop("Words", "Decay"),
    noop("Words", "Damping"),
    noop("Words", "Width"),
    noop("Words", "Pre-delay"),
)
TRANSPORT = (
    noop("Words", "Play"),
    noop("Words", "Stop"),
    noop("Words", "Record"),
    noop("Words", "Rewind"),
    noop("Words", "Forward"),
    noop("Words", "Loop"),
)
JOB_KINDS = (
    noop("Words", "open"),
    noop("Words", "separate"),
    noop("Words", "measure"),
    noop("Words", "null"),
    noop("Words", "save"),
    noop("Words", "search"),
    noop("Words", "copy"),
    noop("Words", "export"),
    noop("Words", "look"),
    noop("Words", "scan"),
    noop("Words", "load"),
    noop("Words", "show"),
    noop("Words", "restart"),
)
STAGES = (
    noop("Words", "opening"),
    noop("Words", "loading"),
    noop("Words", "reading"),
    noop("Words", "decoding"),
    noop("Words", "drawing"),
    noop("Words", "measuring"),
    noop("Words", "finding the tempo"),
    noop("Words", "separating"),
    noop("Words", "keeping"),
    noop("Words", "mixing"),
    noop("Words", "rendering"),
    noop("Words", "writing"),
    noop("Words", "checking"),
    noop("Words", "checking the stems"),
    noop("Words", "proving the null"),
    noop("Words", "Comparing the stems with the mix"),
    noop("Words", "Copying {name}"),
    noop("Words", "Looking in {name}"),
    noop("Words", "Measuring {name}"),
    noop("Words", "Checking {name}"),
    noop("Words", "Reading {name}"),
)
CHANGES = (
    noop("Words", "Open {name}"),
    noop("Words", "Separate again"),
    noop("Words", "control surface"),
)
VERDICTS = (
    noop("Words", "The stems of the project"),
    noop("Words", "The exported file"),
    noop("Words", "The exported files"),
    noop("Words", "Faders or pans are moved."),
    noop("Words", "Stems are muted or soloed."),
    noop("Words", "A polarity is turned."),
    noop("Words", "Effects are active."),
    noop("Words", "Parameters are automated."),
    noop("Words", "Regions of stems are muted or have another gain."),
    noop("Words", "The limiter's ceiling is lowered."),
    noop("Words", "The stems sum to the mix up to the rounding of 24-bit files"),
    noop("Words", "The stems sum to the mix up to the rounding of 24-bit files after {gain} dB"),
    noop("Words", "The stems do not sum to the mix; second {second} differs most"),
    noop("Words", "The stems arrive {count} samples late"),
    noop("Words", "The stems arrive {count} samples early"),
    noop("Words", "The stems have inverted polarity"),
    noop("Words", "The stems are {gain} dB too low"),
    noop("Words", "The stems are {gain} dB too high"),
    noop("Words", "{file} arrives {count} samples late"),
    noop("Words", "{file} arrives {count} samples early"),
    noop("Words", "{file} has inverted polarity"),
    noop("Words", "{file} is {gain} dB too low"),
    noop("Words", "{file} is {gain} dB too high"),
    noop("Words", "{file} is {count} samples longer than the mix"),
    noop("Words", "{file} is {count} samples shorter than the mix"),
    noop("Words", "The stems arrive 1 sample late"),
    noop("Words", "The stems arrive 1 sample early"),
    noop("Words", "{file} arrives 1 sample late"),
    noop("Words", "{file} arrives 1 sample early"),
    noop("Words", "{file} is 1 sample longer than the mix"),
    noop("Words", "{file} is 1 sample shorter than the mix"),
    noop("Words", "{file} is in a lossy format ({format}), which changes its samples"),
)
EXPORTS = (
    noop("Words", "The song's file has not been looked at yet."),
    noop("Words", "The mix is the song, sample for sample."),
    noop("Words", "The mix is the same stretch of the song, sample for sample."),
    noop("Words", "The stems sum to the song exactly."),
    noop("Words", "The stems sum to the same stretch of the song exactly."),
    noop("Words", "The {lane} and the {stem} as separated sum to the song exactly."),
    noop("Words",
        "The {lane} and the {stem} as separated sum to the same stretch of the song exactly."),
    noop("Words", "The mix is exported as it is heard, with the {stem} muted."),
    noop("Words", "The stems sum to the mix before the master, not to the song."),
    noop("Words", "Not exported: {names}."),
    noop("Words", "The loudness is brought to {loudness} LUFS."),
    noop("Words", "{format} is lossy: what is heard is not what was written."),
    noop("Words", "The mixer works in 32-bit float, which cannot hold every value of this song."),
    noop("Words", "{samples} cannot hold every value of this song."),
    noop("Words", "{samples} cannot hold every value of the {stem}."),
    noop("Words", "All stems were lowered alike, so they sum to the song only when raised."),
    noop("Words", "{names}: there already, and left as found."),
    noop("Words", "16 bits"),
    noop("Words", "24 bits"),
    noop("Words", "32-bit float"),
)  # fmt: skip
NOTES = (
    noop("Words", "Peaks were limited by up to {reduction} dB."),
    noop("Words", "The {lane} is silent."),
    noop("Words", "A stem rises above full scale, so all were written as {bits}-bit float."),
    noop("Words", "{format} raises the true peak to {peak} dBTP."),
)
DEVICES = (
    noop("Words", "{count} physical cores, always there"),
    noop("Words", "{count} physical cores, always there: {reason}"),
    noop("Words", "this build of torch is CPU-only"),
    noop("Words", "no GPU, or its driver is missing"),
    noop("Words", "the driver of the GPU is too old for this build of torch; update it"),
    noop("Words", "only in builds of torch for macOS"),
    noop("Words", "no Apple GPU found"),
    noop("Words", "no sound"),
    noop("Words", "roughly {time}, {memory} MiB"),
)
TEXTS = (
    *STEMS,
    *EFFECTS,
    *PARAMETERS,
    *TRANSPORT,
    *JOB_KINDS,
    *STAGES,
    *CHANGES,
    *VERDICTS,
    *EXPORTS,
    *NOTES,
    *DEVICES,
)
"""All of them; what is in braces stands for anything."""
STEM_HOLES = frozenset({"lane", "stem", "names"})
"""What is in these is a stem, or several."""
WORD_HOLES = frozenset({"reason", "samples"})
"""What is in these is one of these texts itself."""
NUMBER_HOLES = frozenset(
    {"count", "gain", "second", "bits", "loudness", "peak", "reduction", "time", "memory"}
)
