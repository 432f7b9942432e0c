"""German windows, and a separated song on the disk."""

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QLocale, QTranslator

from stemdesk.jobs.job import JobState
from stemdesk.mixing.addresses import with_effect
from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.settings import EffectSettings, neutral
from stemdesk.project.document import MediaRef, Region, StemSet, Tempo, Track
from stemdesk.ui.application import install_translations

STEMS = ("vocals", "drums", "bass", "other")
RATE = 44_100


@pytest.fixture
def german(qapp):
    before = QLocale()
    install_translations(qapp, "de")
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    QLocale.setDefault(before)


@pytest.fixture
def track(tmp_path):
    rng = np.random.default_rng(3)
    sounds = {name: np.round(rng.normal(0, 0.02, (2, RATE)) * 2**15) / 2**15 for name in STEMS}
    sounds["song"] = sum(sounds.values())
    for name, sound in sounds.items():
        soundfile.write(tmp_path / f"{name}.wav", sound.T, RATE, subtype="PCM_16")
    refs = {
        name: MediaRef(
            path=str(tmp_path / f"{name}.wav"), frames=RATE, sample_rate=RATE, channels=2
        )
        for name in sounds
    }
    mix = neutral(STEMS)
    for kind in EFFECT_KINDS:
        mix = with_effect(mix, "vocals", EffectSettings(kind=kind))
    return Track(
        id="1",
        name="Abendlied",
        mixture=refs.pop("song"),
        separated=StemSet(model="tiny", stems=refs),
        tempo=Tempo(bpm=120.0),
        mix=mix,
        regions=(Region(stem="bass", first_frame=100, end_frame=900, gain_db=-6.0),),
    )


class Row:
    id, title, kind, state, fraction = 1, "Abendlied.wav", "separate", JobState.RUNNING, 0.63
    stage, seconds_left, speed, error, is_waiting = "checking", 11.2, 5.2, None, False
    notes = ("Peaks were limited by up to 3.0 dB.",)


@pytest.fixture
def row():
    return Row()
