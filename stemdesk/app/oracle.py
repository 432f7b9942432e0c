"""A song whose true stems are known, taken apart by masks made from them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from stemdesk.app.model import LoadedModel
from stemdesk.app.resampled import SeekableMixture
from stemdesk.audio.reading import open_audio
from stemdesk.audio.suffixes import AUDIO_SUFFIXES
from stemdesk.errors import UserError
from stemdesk.files import file_sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stemdesk.app.options import SeparateOptions
    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.mask_settings import OracleName, Reconstruction

_ORDER = ("vocals", "drums", "bass")
_MIXES = ("mixture", "mix")
_RESTS = ("other", "rest", "accompaniment", "instrumental")
# As long as REPET's: half a minute, over which the Wiener filter learns places.
_CHUNK_STEPS, _OVERLAP_STEPS = 1292, 64


def oracle_names() -> tuple[OracleName, ...]:
    """Those there are."""
    from stemdesk.separation.mask_settings import ORACLES

    return ORACLES


@contextmanager
def open_oracle(
    oracle: OracleName,
    truth: Path,
    song: Path,
    options: SeparateOptions,
    reconstruction: Reconstruction = "null",
) -> Iterator[LoadedModel]:
    """An oracle for one song, in the form of a model; its files stay open meanwhile.

    Args:
        oracle: which.
        truth: folder of the true stems, a file each, named after it; a mixture beside them does
            not count.
        song: the song.
        options: which part of the song.
        reconstruction: whether the stems are made to sum to the song.

    Raises:
        UserError: there are not two stems at least, one cannot be read, or does not fit the song.
    """
    from stemdesk.separation.fingerprint import model_fingerprint
    from stemdesk.separation.oracle_engine import OracleEngine
    from stemdesk.separation.separator import Separator

    part = (options.start_seconds, options.duration_seconds)
    with ExitStack() as files:
        with open_audio(song, *part) as reader:
            rate, channels = reader.info.sample_rate, reader.info.channels
        paths = _stem_files(truth, song)
        sources = []
        for path in paths.values():
            stem = files.enter_context(open_audio(path, *part))
            if stem.info.channels != channels:
                raise UserError(
                    f"{path} has {stem.info.channels} channels, the song {channels}",
                    "give the stem as many as the song has",
                )
            sources.append(SeekableMixture(stem, rate))
        card = _card(oracle, list(paths), rate)
        fingerprint = model_fingerprint(card, "cpu", 1, [], reconstruction)
        fingerprint["truth"] = [file_sha256(path) for path in paths.values()]
        engine = OracleEngine(card, oracle, sources, reconstruction)
        yield LoadedModel(card, Separator(engine), fingerprint, [])


def _stem_files(truth: Path, song: Path) -> dict[str, Path]:
    """Stem name -> file, the one that takes the rest last."""
    try:
        there = sorted(truth.iterdir())
    except OSError as error:
        raise UserError(
            f"{truth} cannot be listed ({error.strerror or error})",
            "name the folder of the true stems",
        ) from error
    found: dict[str, Path] = {}
    for path in there:
        name = path.stem.lower()
        is_stem = path.suffix.lower() in AUDIO_SUFFIXES and name not in _MIXES
        if not is_stem or path.resolve() == song.resolve():
            continue
        if name in found:
            raise UserError(f"{found[name]} and {path} are the same stem", "leave one there")
        found[name] = path
    if len(found) < 2:
        raise UserError(
            f"{truth} holds no stems to make masks from",
            "put a file of each true stem there, such as vocals.wav and accompaniment.wav",
        )
    return {name: found[name] for name in sorted(found, key=_place)}


def _place(name: str) -> tuple[int, str]:
    if name in _ORDER:
        return _ORDER.index(name), name
    return len(_ORDER) + (name in _RESTS), name


def _card(oracle: OracleName, stems: list[str], sample_rate: int) -> ModelCard:
    from stemdesk.separation.card import Chunking, ModelCard
    from stemdesk.separation.oracles import ORACLE_STFT

    return ModelCard(
        id=oracle,
        title=f"{oracle}: masks made from the true stems",
        network="oracle",
        network_stems=stems,
        sample_rate=sample_rate,
        channels=2,
        n_fft=ORACLE_STFT.n_fft,
        hop=ORACLE_STFT.hop,
        win_length=ORACLE_STFT.win_length,
        masks="complex",
        chunk=Chunking(_CHUNK_STEPS, _OVERLAP_STEPS),
    )
