"""Mixes from a pool: four stems that sum to the mixture, repeatable by (seed, index).

Some are excerpts of whole songs, whose stems share tempo, key and form; the others put independent
segments together, which no song would, and so show every sound among all others.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stemdesk.errors import UserError
from stemdesk_training.corpus import augment
from stemdesk_training.corpus.drawing import Drawing
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS, Audio, Rng, chance, db

# How often a stem is absent from a mix, and how often a second excerpt is laid over it.
ABSENT = {"vocals": 0.15, "drums": 0.12, "bass": 0.15, "other": 0.08}
LAYERED = {"vocals": 0.2, "drums": 0.12, "bass": 0.0, "other": 0.35}
# Level in dB (left, mode, right of a triangle) against a pool where all stems are near -18 dBFS.
# Real vocals lie from level with the rest to 17 dB under it.
LEVEL_DB = {
    "vocals": (-16.0, -2.0, 6.0),
    "drums": (-12.0, 0.0, 8.0),
    "bass": (-12.0, -1.0, 8.0),
    "other": (-14.0, -1.0, 7.0),
}
# What is done to the stems of a song's excerpt: dB against its own balance, how often one is muted.
BALANCE_DB = (-7.0, 0.0, 7.0)
MUTED = 0.08
# How often a stem begins or ends at once in the middle of an item.
DROPPED = 0.08
# How often an excerpt is played faster or slower, pitch and all.
STRETCHED = 0.6
# Some mixes are carried by one stem (a bass track, an a cappella with a little band).
LEAD = 0.2
LEAD_DB = (4.0, 14.0)
# How often drums and accompaniment leave the lowest octave to the bass.
ROOM = 0.3
# How often a mix ends below the hearing's limit, and where: lossy files, tapes, old samplers.
BAND_LIMITED = 0.12
BAND_LIMIT_HZ = (5_000.0, 17_000.0)
_SILENT_RMS = 0.003
_REDRAWS = 4


def song_names(pool: Path, split: str) -> list[str]:
    """What the files of each whole song begin with, such as ``song_000_``, in a fixed order."""
    # The last stem is written last: where it is, the song is whole.
    lasts = sorted((pool / split).glob(f"song_*_{STEMS[-1]}.npy"))
    return [path.name.removesuffix(f"{STEMS[-1]}.npy") for path in lasts]


def _opened(path: Path) -> NDArray[np.int16]:
    """A file of a song, memory-mapped; nothing where the song has no such stem."""
    if not path.exists():
        return np.zeros((0, 2), np.int16)
    opened: NDArray[np.int16] = np.load(path, mmap_mode="r")
    return opened


def _longest(files: list[NDArray[np.int16]]) -> int:
    return max(len(file) for file in files)


def no_files(pool: Path, split: str, stem: str) -> UserError:
    """What to say of a pool without a stem, be it no pool at all."""
    return UserError(
        f"The pool {pool} has no {stem} in its folder {split}",
        "make one with `python -m stemdesk_training.corpus`, or name another folder",
    )


class RandomMixes:
    """Mixes drawn from one split of a pool.

    The files are listed once, at construction: the same files, seed and index give the same
    batch, on any machine and in any order.
    """

    def __init__(
        self,
        pool: Path,
        split: str,
        seconds: float,
        seed: int,
        drawing: Drawing | None = None,
    ) -> None:
        """Open the files of ``pool/split`` memory-mapped.

        Args:
            pool: folder made by ``stemdesk_training.corpus`` or ``stemdesk_training.prepared``.
            split: ``train`` or ``valid``.
            seconds: length of an item.
            seed: first half of the key of every batch.
            drawing: how; None for the defaults.

        Raises:
            UserError: a stem has no file.
        """
        self._frames = round(seconds * RATE_HZ)
        drawing = drawing or Drawing()
        self._seed, self._varied, self._speed = seed, drawing.varied, drawing.speed
        self._gains = {STEMS.index(stem): db(gain) for stem, gain in drawing.gains_db.items()}
        self._songs = [
            [_opened(pool / split / f"{name}{stem}.npy") for stem in STEMS]
            for name in song_names(pool, split)
        ]
        self._files: dict[str, list[NDArray[np.int16]]] = {}
        for place, stem in enumerate(STEMS):
            paths = sorted((pool / split).glob(f"{stem}_*.npy"))
            files = [np.load(path, mmap_mode="r") for path in paths]
            # A pool of nothing but songs: theirs are put together anew.
            self._files[stem] = files or [s[place] for s in self._songs if len(s[place])]
        self._aligned = drawing.aligned if self._songs else 0.0
        for stem, found in self._files.items():
            # Where all mixes are moments of songs, instrumentals may be all there is of the band.
            if not found and (stem == "vocals" or self._aligned < 1):
                raise no_files(pool, split, stem)

    def batch(self, index: int, size: int) -> NDArray[np.float32]:
        """Stems of ``size`` mixes: float32 ``[size, 4, 2, frames]``, order of ``STEMS``.

        The mixture of an item is the plain sum over its stems.
        """
        out = np.zeros((size, len(STEMS), 2, self._frames), dtype=np.float32)
        for row, stems in enumerate(out):
            self._fill(stems, index, row)
        return out

    def item(self, index: int, row: int) -> NDArray[np.float32]:
        """One item of a batch, ``[4, 2, frames]``."""
        stems = np.zeros((len(STEMS), 2, self._frames), dtype=np.float32)
        self._fill(stems, index, row)
        return stems

    def _fill(self, stems: NDArray[np.float32], index: int, row: int) -> None:
        """Make an item in place of zeros: new arrays of this size cost more than sums."""
        rng = np.random.default_rng([self._seed, index, row])
        if not self._varied:
            self._as_it_is(stems, rng)
            self._lift(stems)
            return
        if self._aligned and chance(rng, self._aligned):
            self._from_song(stems, rng)
        else:
            self._from_segments(stems, rng)
        self._lift(stems)
        for stem in stems:
            if chance(rng, DROPPED):
                augment.drop_out(rng, stem)
        if chance(rng, BAND_LIMITED):
            augment.band_limit(stems, float(np.exp(rng.uniform(*np.log(BAND_LIMIT_HZ)))))
        self._master(stems, rng)

    def _lift(self, stems: NDArray[np.float32]) -> None:
        for place, gain in self._gains.items():
            stems[place] *= np.float32(gain)

    def _as_it_is(self, stems: NDArray[np.float32], rng: Rng) -> None:
        """A moment of a song, or moments of different ones, with nothing done to them."""
        if chance(rng, self._aligned):
            cuts = self._cut(self._songs, rng)
        else:
            cuts = [self._cut([[file] for file in self._files[stem]], rng)[0] for stem in STEMS]
        for place, raw in enumerate(cuts):
            stems[place] = augment.at_speed(raw, self._frames)

    def _cut(self, groups: list[list[NDArray[np.int16]]], rng: Rng) -> list[NDArray[np.int16]]:
        """One moment of one group of files, the longer the likelier; what lacks is silence."""
        return self._moment(self._group(groups, rng), rng)

    @staticmethod
    def _group(groups: list[list[NDArray[np.int16]]], rng: Rng) -> list[NDArray[np.int16]]:
        lengths = np.array([_longest(files) for files in groups], dtype=np.float64)
        return groups[int(rng.choice(len(lengths), p=lengths / lengths.sum()))]

    def _moment(self, files: list[NDArray[np.int16]], rng: Rng) -> list[NDArray[np.int16]]:
        stretched = self._varied and chance(rng, STRETCHED)
        wanted = round(self._frames * (float(rng.uniform(*self._speed)) if stretched else 1.0))
        begin = int(rng.integers(0, max(0, _longest(files) - wanted) + 1))
        cuts = [np.asarray(file[begin : begin + wanted]) for file in files]
        return [np.pad(cut, ((0, wanted - len(cut)), (0, 0))) for cut in cuts]

    def _from_song(self, stems: NDArray[np.float32], rng: Rng) -> None:
        """One moment of a song: all stems at one speed, each with its own level and tone.

        An instrumental, a song without a file of vocals, gets any voice, as loose segments do.
        """
        song = self._group(self._songs, rng)
        cuts = self._moment(song, rng)
        swapped = chance(rng, 0.5)
        for place, raw in enumerate(cuts):
            if chance(rng, MUTED) or not raw.any():
                continue
            clip = augment.at_speed(raw, self._frames)
            if chance(rng, 0.3):
                clip = augment.tone(rng, clip)
            clip = clip[::-1] if swapped else clip
            stems[place] = clip * np.float32(db(rng.triangular(*BALANCE_DB)))
        vocals = STEMS.index("vocals")
        if not len(song[vocals]) and not chance(rng, ABSENT["vocals"]):
            stems[vocals] = self._stem("vocals", rng)

    def _from_segments(self, stems: NDArray[np.float32], rng: Rng) -> None:
        """Independent excerpts, which have nothing in common."""
        present = {stem: not chance(rng, ABSENT[stem]) for stem in STEMS}
        if not any(present.values()):
            present[STEMS[int(rng.integers(len(STEMS)))]] = True
        for place, stem in enumerate(STEMS):
            if present[stem]:
                stems[place] = self._stem(stem, rng)
        if present["bass"] and chance(rng, ROOM):
            for place in (1, 3):
                augment.make_room(stems[place], float(rng.uniform(50, 120)))
        if chance(rng, LEAD):
            stems[int(rng.integers(len(STEMS)))] *= np.float32(db(rng.uniform(*LEAD_DB)))
        if chance(rng, 0.2):
            stems[2:] *= augment.ducking(rng, stems[1])

    def _stem(self, stem: str, rng: Rng) -> Audio:
        clip = self._excerpt(stem, rng)
        if chance(rng, LAYERED[stem]):
            clip += self._excerpt(stem, rng) * np.float32(db(rng.uniform(-12, 0)))
        clip *= np.float32(db(rng.triangular(*LEVEL_DB[stem])))
        return clip

    def _excerpt(self, stem: str, rng: Rng) -> Audio:
        """One excerpt with its own speed, tone and image; silent ones are mostly redrawn."""
        raw = self._raw(stem, rng)
        for _ in range(_REDRAWS):
            sparse = raw[::64].astype(np.float32) / 32768
            if np.sqrt(np.mean(np.square(sparse))) > _SILENT_RMS or chance(rng, 0.1):
                break
            raw = self._raw(stem, rng)
        clip = augment.at_speed(raw, self._frames)
        if chance(rng, 0.4):
            clip = augment.tone(rng, clip)
        return augment.image(rng, clip)

    def _raw(self, stem: str, rng: Rng) -> NDArray[np.int16]:
        return self._cut([[file] for file in self._files[stem]], rng)[0]

    @staticmethod
    def _master(stems: NDArray[np.float32], rng: Rng) -> None:
        """Loudness of a master, at times through a limiter; one gain for all stems."""
        mixture = stems.sum(axis=0)
        rms = float(np.sqrt(np.dot(mixture.ravel(), mixture.ravel()) / mixture.size + 1e-9))
        # Never more than 24 dB up: a mix that is nearly silent stays so.
        gain = np.float32(min(16.0, db(rng.uniform(-26, -9)) / rms))
        if chance(rng, 0.4):
            mixture *= gain
            stems *= gain * augment.bus_gain(mixture, db(rng.uniform(-6, 0)))
            gain = np.float32(1.0)
            mixture = stems.sum(axis=0)
        peak = float(gain * max(mixture.max(), -mixture.min()))
        gain /= np.float32(max(1.0, peak))
        if gain != 1.0:
            stems *= gain
