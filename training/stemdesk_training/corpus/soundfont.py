"""Notes through General MIDI soundfonts with the ``fluidsynth`` command."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stemdesk_training.corpus import midi_files
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.waveform import RATE_HZ, Audio, Rng, fit, weighted

FLUID = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
GM_BANK = Path("/usr/share/sounds/sf2/sf_GMbank.sf2")
MUSESCORE = Path("/usr/share/sounds/sf3/MuseScore_General.sf3")
# Fonts of a split and how often each is drawn. Players of one font share a room and a hand: a
# network that hears no other learns that, too.
_FONTS = {"train": [(FLUID, 0.6), (GM_BANK, 0.4)], "valid": [(MUSESCORE, 1.0)]}


def drawn(split: str, rng: Rng) -> Path:
    """A font of a split."""
    return weighted(rng, _FONTS[split])


def missing() -> list[str]:
    """What rendering needs and this machine lacks: the command, soundfonts."""
    lacking = [] if shutil.which("fluidsynth") else ["the command fluidsynth"]
    return lacking + [str(font) for font in (FLUID, GM_BANK, MUSESCORE) if not font.exists()]


@dataclass(frozen=True, slots=True)
class Part:
    """Notes for one channel; channel 9 is drums, where ``program`` chooses the kit."""

    program: int
    notes: list[Note]
    channel: int = 0


def render(font: Path, parts: list[Part], seconds: float, gain: float = 0.6) -> Audio:
    """Render parts dry to ``[2, frames]``.

    Raises:
        RuntimeError: the command failed or wrote nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        midi = Path(folder) / "score.mid"
        raw = Path(folder) / "score.raw"
        midi_files.write_score(midi, [(p.channel, p.program, p.notes) for p in parts])
        command = [
            "fluidsynth", "-ni", "-q", "-R", "0", "-C", "0", "-g", str(gain),
            "-r", str(RATE_HZ), "-O", "float", "-T", "raw",
            # Blocks longer than usual take less time; beyond 1024 frames they change samples.
            "-z", "1024", "-o", "synth.dynamic-sample-loading=1",
            "-F", str(raw), str(font), str(midi),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0 or not raw.exists():
            msg = f"fluidsynth ended with {done.returncode}: {done.stderr[-500:]}"
            raise RuntimeError(msg)
        samples = np.fromfile(raw, dtype="<f4").reshape(-1, 2).T
    return fit(np.ascontiguousarray(samples, dtype=np.float32), seconds)
