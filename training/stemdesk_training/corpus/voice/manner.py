"""How a singer sings: glides, vibrato, drift, attack, effort; drawn once per line."""

from dataclasses import dataclass, replace

from stemdesk_training.corpus.voice.synthesis import Source
from stemdesk_training.corpus.waveform import Rng, chance, weighted

STYLES = (
    ("plain", 0.2),
    ("pop", 0.3),
    ("classical", 0.08),
    ("tuned", 0.16),
    ("breathy", 0.1),
    ("belt", 0.1),
    ("whisper", 0.03),
    ("falsetto", 0.05),
)


@dataclass(frozen=True, slots=True)
class Manner:
    """Times in seconds, pitches in semitones.

    ``glide_seconds`` is how long a change of pitch takes; ``vibrato_*`` describe it once it has
    set in; ``drift`` and ``wander`` are slow and fast imprecision; ``scoop`` is how far below a
    note begins; ``own_bend`` how much of the recordings' own intonation is kept; ``lateness`` how
    uneven onsets are; ``effort_db`` is spectral tilt per octave; ``breath_db`` adds noise;
    ``swell`` is how much notes swell, ``fry`` how often a phrase ends in creaks; timbre changes no
    faster than within ``blur_seconds``; ``articulation`` is the gain of unvoiced sounds.
    """

    style: str
    glide_seconds: float
    vibrato_depth: float
    vibrato_hz: float
    vibrato_delay: float
    drift: float
    wander: float
    scoop: float
    own_bend: float
    lateness: float
    effort_db: float
    breath_db: float
    swell: float
    fry: float
    attack_seconds: float
    source: Source
    blur_seconds: float = 0.0
    articulation: float = 1.0

    @classmethod
    def drawn(cls, rng: Rng, style: str | None = None) -> "Manner":
        """A manner of a style, or of any."""
        chosen = weighted(rng, STYLES) if style is None else style
        base = cls(
            style=chosen,
            glide_seconds=float(rng.uniform(0.03, 0.12)),
            vibrato_depth=float(rng.uniform(0.05, 0.75)) if chance(rng, 0.85) else 0.0,
            vibrato_hz=float(rng.uniform(4.6, 6.6)),
            vibrato_delay=float(rng.uniform(0.05, 0.4)),
            drift=float(rng.uniform(0.03, 0.14)),
            wander=float(rng.uniform(0.015, 0.06)),
            scoop=float(rng.uniform(0, 2.2)),
            own_bend=float(rng.uniform(0.1, 0.6)),
            lateness=float(rng.uniform(0.002, 0.022)),
            effort_db=float(rng.normal(0.3, 0.8)),
            breath_db=0.0,
            swell=float(rng.uniform(0.1, 0.5)),
            fry=float(rng.choice([0.0, 0.0, 0.3])),
            attack_seconds=float(rng.uniform(0.008, 0.05)),
            source=Source(jitter=float(rng.uniform(0.0005, 0.003))),
        )
        return _IN_STYLE.get(chosen, lambda manner, _: manner)(base, rng)

    def evened(self, rng: Rng) -> "Manner":
        """The same singer as smooth as a synthesiser plays, more or less: known by formants alone.

        Corrected, de-essed, heavily compressed or re-synthesised voices are like that.
        """
        less, glide = float(rng.random()), float(rng.uniform(0.03, 0.15))
        return replace(
            self,
            # Hard correction keeps its steps.
            glide_seconds=self.glide_seconds if self.style == "tuned" else glide,
            vibrato_depth=self.vibrato_depth * less if chance(rng, 0.5) else 0.0,
            drift=self.drift * less * 0.5,
            wander=0.0,
            scoop=self.scoop * less * 0.3,
            own_bend=0.0,
            breath_db=self.breath_db * less - float(rng.uniform(0.0, 30.0)),
            swell=self.swell * less,
            fry=0.0,
            attack_seconds=float(rng.uniform(0.015, 0.08)),
            source=replace(
                self.source, jitter=0.0003, shimmer=0.03 * less, subharmonic=0.0, growl=0.0
            ),
            blur_seconds=float(rng.uniform(0.005, 0.06)),
            articulation=float(rng.random()) if chance(rng, 0.7) else 1.0,
        )


def _classical(manner: Manner, rng: Rng) -> Manner:
    return replace(
        manner,
        vibrato_depth=float(rng.uniform(0.5, 1.3)),
        vibrato_delay=float(rng.uniform(0.0, 0.2)),
        glide_seconds=float(rng.uniform(0.05, 0.16)),
        swell=float(rng.uniform(0.3, 0.7)),
        fry=0.0,
    )


def _tuned(manner: Manner, rng: Rng) -> Manner:
    """Pitch correction set hard: steps, and no imprecision."""
    return replace(
        manner,
        glide_seconds=float(rng.uniform(0.0, 0.012)),
        vibrato_depth=0.0,
        drift=0.0,
        wander=0.0,
        scoop=0.0,
        own_bend=0.0,
        fry=0.0,
    )


def _breathy(manner: Manner, rng: Rng) -> Manner:
    return replace(
        manner,
        breath_db=float(rng.uniform(8, 22)),
        effort_db=float(rng.uniform(-3.0, -0.5)),
        attack_seconds=float(rng.uniform(0.04, 0.12)),
    )


def _belt(manner: Manner, rng: Rng) -> Manner:
    rough = chance(rng, 0.35)
    return replace(
        manner,
        effort_db=float(rng.uniform(1.5, 4.0)),
        scoop=float(rng.uniform(0.3, 3.0)),
        attack_seconds=0.008,
        source=Source(
            jitter=float(rng.uniform(0.001, 0.006)),
            shimmer=float(rng.uniform(0.03, 0.12)),
            subharmonic=float(rng.uniform(0.05, 0.4)) if rough else 0.0,
            growl=float(rng.uniform(0.05, 0.45)) if rough else 0.0,
        ),
    )


def _whisper(manner: Manner, rng: Rng) -> Manner:
    # A whisper lacks the low end that the glottis' pulses give a voice.
    return replace(manner, effort_db=float(rng.uniform(2.0, 4.5)), source=Source(whisper=True))


def _falsetto(manner: Manner, rng: Rng) -> Manner:
    return replace(
        manner,
        effort_db=float(rng.uniform(-4.5, -2.0)),
        breath_db=float(rng.uniform(3, 12)),
        attack_seconds=float(rng.uniform(0.03, 0.08)),
    )


_IN_STYLE = {
    "classical": _classical,
    "tuned": _tuned,
    "breathy": _breathy,
    "belt": _belt,
    "whisper": _whisper,
    "falsetto": _falsetto,
}
