"""Songs that were separated, on disk, to be exported in tests."""

from __future__ import annotations

import numpy as np

from stemdesk.app.exporting.export import export
from stemdesk.app.exporting.request import ExportRequest
from stemdesk.mixing.settings import neutral
from stemdesk.project.document import MediaRef, StemSet, Track
from tests.app.tiny import RATE, STEMS, music, read_exactly, save_song

FRAMES = 2 * RATE + 77


class SongOnDisk:
    """A song of two seconds with its stems, which sum to it exactly, and its track."""

    def __init__(self, folder, *, channels=2, bits=16, loudness=1.0, separated=True, **tags):
        self.folder, self.out = folder, folder / "out"
        subtype = f"PCM_{bits}"
        samples = {
            name: np.rint(loudness * 2.0 ** (bits - 1) * part) / 2.0 ** (bits - 1)
            for name, part in zip(
                STEMS[:3],
                [music(FRAMES, channels, bits, seed=i, level=0.15) for i in range(3)],
                strict=True,
            )
        }
        mixture = music(FRAMES, channels, bits, seed=9, level=0.35)
        samples["other"] = mixture - sum(samples.values())
        self.samples = {"mixture": mixture, **samples}
        kind = subtype if loudness <= 1.0 else "FLOAT"
        self.files = {
            "mixture": save_song(folder / "mixture.wav", mixture, subtype=subtype, **tags)
        }
        if separated:
            for name in STEMS:
                path = folder / "media" / f"{name}.wav"
                self.files[name] = save_song(path, samples[name], subtype=kind)
        refs = {
            name: MediaRef(path=str(path), frames=FRAMES, sample_rate=RATE, channels=channels)
            for name, path in self.files.items()
        }
        song = refs.pop("mixture")
        stems = StemSet(model="tiny", stems=refs) if separated else None
        mix = neutral(list(refs) or ["mixture"])
        self.track = Track(id="1", name="Song", mixture=song, separated=stems, mix=mix)

    def export(self, what, *, report=None, ask=None, track=None, **options):
        options.setdefault("folder", self.out)
        return export(
            track or self.track,
            self.files,
            ExportRequest(what, **options),
            report or (lambda *_: None),
            ask or never_asked,
        )

    def left(self):
        """Names of all files in the folder of results."""
        return sorted(path.name for path in self.out.rglob("*") if path.is_file())


def never_asked(path):
    raise AssertionError(f"asked about {path}")


def read(delivery, lane=None):
    """Samples of an exported file."""
    files = {file.lane: file.path for file in delivery.files}
    return read_exactly(files[lane] if lane else delivery.files[0].path)


def residual_db(one, other):
    """How far two signals are apart at most."""
    return 20 * np.log10(max(1e-12, np.abs(one - other).max()))
