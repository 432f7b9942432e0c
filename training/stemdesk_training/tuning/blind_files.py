"""A blind comparison as files with neutral names beside a sealed key."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import soundfile

from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_text_atomic
from stemdesk.parsing.bounds import MOST_BYTES, file_bytes, text_of
from stemdesk.parsing.json_text import read_json_as
from stemdesk_training.tuning.blind import (
    Answer,
    Excerpt,
    Kind,
    Result,
    Trial,
    evaluate,
    make_trials,
)
from stemdesk_training.tuning.listening import newest

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk_training.tuning.blind import Side

BLIND = "blind"
KEY_NAME = "key.sealed"
EXCERPT_SECONDS = 8.0
TRIALS = 12
FADE_SECONDS = 0.02
HEARD_RMS = 1e-3


def write_trials(run: Path, count: int = TRIALS, kind: Kind = "preference", seed: int = 0) -> Path:
    """Write the newest renderings of a run as A/B (and X) files with neutral names.

    Args:
        run: the run's folder.
        count: trials.
        kind: of trials.
        seed: draws order and sides.

    Returns:
        The folder ``blind/step_N`` in the run's: ``trial_01_A.flac`` and so on, and the sealed key.

    Raises:
        UserError: nothing was rendered yet, or there are trials that wait for answers.
    """
    step = newest(run)
    if step is None:
        raise UserError(
            f"There is nothing to hear in {run}", "tune with --listen SONG, and wait for a step"
        )
    folder = run / BLIND / step.name
    if (folder / KEY_NAME).exists():
        raise UserError(
            f"The trials in {folder} wait for answers", "give them with --answers, or remove it"
        )
    excerpts = _excerpts(step)
    trials = make_trials(excerpts, count, kind, seed)
    folder.mkdir(parents=True, exist_ok=True)
    for trial in trials:
        heard: dict[str, Side | None] = {"A": trial.a, "B": trial.b, "X": trial.x}
        for letter, side in heard.items():
            if side is not None:
                name = f"trial_{trial.number:02d}_{letter}.flac"
                _cut(step / side / f"{trial.excerpt.stem}.flac", trial.excerpt, folder / name)
    write_text_atomic(folder / KEY_NAME, _seal(trials))
    return folder


def open_trials(run: Path) -> tuple[Path, list[Trial]]:
    """The trials of a run that wait for answers, and their folder.

    Raises:
        UserError: there are none, or their key was changed.
    """
    found = sorted(run.glob(f"{BLIND}/step_*/{KEY_NAME}"), key=_step_of)
    if not found:
        raise UserError(f"No trials wait for answers in {run}", "make some with --blind alone")
    return found[-1].parent, _unseal(found[-1])


def answer(run: Path, answers: str) -> Result:
    """Tell what the answers to a run's trials say, and write it with the key beside them.

    Args:
        run: the run's folder.
        answers: a letter for each trial in order, A, B or =; spaces do not count.

    Raises:
        UserError: there are no trials, or not as many as answers.
    """
    folder, trials = open_trials(run)
    letters = re.sub(r"[\s,]", "", answers).upper()
    given: list[Answer] = list(letters)  # type: ignore[arg-type] # evaluate refuses others
    result = evaluate(trials, given)
    told = {
        "result": msgspec.to_builtins(result),
        "p": result.p,
        "trials": [
            {**msgspec.to_builtins(trial), "answer": one, "named": trial.named(one)}
            for trial, one in zip(trials, given, strict=True)
        ],
    }
    write_text_atomic(folder / "result.json", json.dumps(told, indent=1))
    (folder / KEY_NAME).unlink()
    return result


def _excerpts(step: Path) -> list[Excerpt]:
    """Stretches of every stem in which either rendering can be heard."""
    found = []
    for path in sorted((step / "base").glob("*.flac")):
        base, rate = soundfile.read(path, dtype="float32", always_2d=True)
        tuned, _ = soundfile.read(step / "tuned" / path.name, dtype="float32", always_2d=True)
        frames = min(len(base), round(EXCERPT_SECONDS * rate))
        for first in range(0, len(base) - frames + 1, frames):
            cut = [each[first : first + frames] for each in (base, tuned)]
            if max(float(np.sqrt(np.mean(np.square(each)))) for each in cut) > HEARD_RMS:
                found.append(Excerpt(path.stem, first, frames))
    return found


def _cut(source: Path, excerpt: Excerpt, target: Path) -> None:
    samples, rate = soundfile.read(
        source, start=excerpt.first_frame, frames=excerpt.frames, dtype="float32", always_2d=True
    )
    fade = min(len(samples) // 2, round(FADE_SECONDS * rate))
    ramp = np.linspace(0, 1, fade, dtype=np.float32)[:, None]
    samples[:fade] *= ramp
    samples[len(samples) - fade :] *= ramp[::-1]
    with atomic_path(target) as partial:
        soundfile.write(partial, samples, rate, subtype="PCM_24", format="FLAC")


def _seal(trials: list[Trial]) -> str:
    """Not to be read in passing, and not to be changed unnoticed; no secret from who wants it."""
    packed = zlib.compress(msgspec.json.encode(trials))
    return f"{hashlib.sha256(packed).hexdigest()}\n{base64.b85encode(packed).decode()}\n"


def _unseal(path: Path) -> list[Trial]:
    remedy = "remove its folder and make new trials"
    try:
        digest, _, text = text_of(file_bytes(path)).strip().partition("\n")
        packed = base64.b85decode(text)
        unpacked = zlib.decompressobj().decompress(packed, MOST_BYTES)
        trials = read_json_as(unpacked, list[Trial])
    except (ValueError, zlib.error) as error:
        raise UserError(f"The key {path} cannot be read ({error})", remedy) from error
    if hashlib.sha256(packed).hexdigest() != digest:
        raise UserError(f"The key {path} was changed", remedy)
    return trials


def _step_of(key: Path) -> int:
    return int(key.parent.name.partition("_")[2])
