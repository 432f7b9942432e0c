"""Places to start from: values of an effect under a plain name."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_PRESETS: dict[str, dict[object, dict[str, float]]] = {
    "equaliser": {
        QT_TRANSLATE_NOOP("Presets", "Without rumble"): {"high_pass_hz": 80.0},
        QT_TRANSLATE_NOOP("Presets", "Voice in front"): {
            "high_pass_hz": 100.0,
            "peak_db": 3.0,
            "peak_hz": 3000.0,
            "peak_q": 0.8,
            "high_shelf_db": 2.0,
        },
        QT_TRANSLATE_NOOP("Presets", "More bass"): {"low_shelf_db": 4.0, "low_shelf_hz": 110.0},
        QT_TRANSLATE_NOOP("Presets", "Telephone"): {
            "high_pass_hz": 400.0,
            "low_pass_hz": 3000.0,
            "peak_db": 4.0,
            "peak_hz": 1500.0,
        },
    },
    "compressor": {
        QT_TRANSLATE_NOOP("Presets", "Gentle"): {
            "threshold_db": -18.0,
            "ratio": 2.0,
            "attack_ms": 10.0,
            "release_ms": 150.0,
        },
        QT_TRANSLATE_NOOP("Presets", "Even voice"): {
            "threshold_db": -24.0,
            "ratio": 4.0,
            "attack_ms": 5.0,
            "release_ms": 80.0,
            "makeup_db": 4.0,
        },
        QT_TRANSLATE_NOOP("Presets", "Punchy drums"): {
            "threshold_db": -20.0,
            "ratio": 4.0,
            "attack_ms": 30.0,
            "release_ms": 60.0,
            "makeup_db": 3.0,
        },
    },
    "gate": {
        QT_TRANSLATE_NOOP("Presets", "Less bleed"): {"ratio": 2.0, "range_db": 20.0},
        QT_TRANSLATE_NOOP("Presets", "Tight drums"): {
            "threshold_db": -35.0,
            "ratio": 10.0,
            "attack_ms": 0.2,
            "release_ms": 60.0,
        },
    },
    "rider": {
        QT_TRANSLATE_NOOP("Presets", "Voice in front"): {"distance_db": 3.0},
        QT_TRANSLATE_NOOP("Presets", "Voice in the band"): {"distance_db": -3.0, "range_db": 6.0},
    },
    "delay": {
        QT_TRANSLATE_NOOP("Presets", "Slap"): {"amount": 0.3, "time_ms": 110.0, "feedback": 0.0},
        QT_TRANSLATE_NOOP("Presets", "Ping-pong"): {"ping_pong": 1.0, "feedback": 0.5},
        QT_TRANSLATE_NOOP("Presets", "Dark tape"): {"tone_hz": 2000.0, "feedback": 0.55},
    },
    "reverb": {
        QT_TRANSLATE_NOOP("Presets", "Room"): {
            "amount": 0.15,
            "decay_seconds": 0.7,
            "damping": 0.6,
            "predelay_ms": 5.0,
        },
        QT_TRANSLATE_NOOP("Presets", "Plate"): {"decay_seconds": 1.6, "damping": 0.2},
        QT_TRANSLATE_NOOP("Presets", "Hall"): {"decay_seconds": 3.5, "predelay_ms": 40.0},
    },
}


def presets_of(kind: str) -> dict[str, dict[str, float]]:
    """Name -> values that differ from the defaults; empty for kinds without."""
    return {
        QCoreApplication.translate("Presets", str(name)): values
        for name, values in _PRESETS.get(kind, {}).items()
    }
