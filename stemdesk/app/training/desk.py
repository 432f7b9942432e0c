"""Where renderings are heard: they repeat, and what is heard is switched while they sound."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stemdesk.app.training.blind import Question
from stemdesk.app.training.switching import Switch
from stemdesk.files import write_refusal
from stemdesk.parsing.bounds import Unreadable, file_bytes, text_of
from stemdesk.parsing.json_text import read_json
from stemdesk.playback.player import Player
from stemdesk.playback.transport import State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stemdesk.app.training.blind import BlindTest
    from stemdesk.app.training.switching import Levelled
    from stemdesk.playback.device import Outputs

SEAM_SECONDS = 0.01
RECORD_NAME = "listening.jsonl"


class Desk:
    """Plays one pair of renderings. All methods belong to one thread, and return at once.

    Args:
        files: name -> rendering, level matched.
        device: output, see :class:`stemdesk.playback.player.Player`.
        outputs: what opens devices; the computer's sound cards by default.

    Raises:
        UserError: a rendering cannot be read.
    """

    def __init__(
        self,
        files: Mapping[str, Levelled],
        device: str | None = None,
        outputs: Outputs | None = None,
    ) -> None:
        self._switch = Switch(files)
        self._player = Player(self._switch, device, outputs)
        seam = round(SEAM_SECONDS * self._switch.sample_rate)
        self._player.set_loop(0, self._switch.frames, seam)

    @property
    def is_playing(self) -> bool:
        """Whether it sounds."""
        return self._player.state is State.PLAYING

    @property
    def fraction(self) -> float:
        """Where in the rendering it is, 0 to 1."""
        return min(1.0, self._player.position_frames / max(1, self._switch.frames))

    @property
    def seconds(self) -> float:
        """Length of a rendering."""
        return self._switch.frames / self._switch.sample_rate

    @property
    def message(self) -> str | None:
        """What is to be known about the sound output."""
        return self._player.message

    def play_or_pause(self) -> None:
        """Sound, or rest where it is."""
        if self.is_playing:
            self._player.pause()
        else:
            self._player.play()
        self._player.settle(1.0)

    def hear(self, name: str) -> None:
        """Let another rendering be heard, from where it is."""
        if name != self._switch.heard:
            self._switch.hear(name)
            self._player.refresh()

    def seek(self, fraction: float) -> None:
        """Go on from elsewhere."""
        self._player.seek(round(fraction * self._switch.frames))

    def close(self) -> None:
        """Fall silent and close the files."""
        self._player.close()
        self._switch.close()


def keep_outcome(folder: Path, test: BlindTest, about: Mapping[str, Any]) -> None:
    """Add a finished test to the run's record, trial by trial.

    Args:
        folder: of the run.
        test: all of whose trials are answered.
        about: what was compared.

    Raises:
        UserError: the disk refuses.
    """
    outcome = test.outcome
    entry = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        **about,
        "question": test.question.value,
        "trials": [
            {"a": trial.a, "x": trial.x if test.question is Question.SAME else None, "said": said}
            for trial, said in zip(test.trials, test.answers, strict=True)
        ],
        "tuned_or_right": outcome.tuned,
        "p_value": outcome.p_value,
    }
    path = folder / RECORD_NAME
    try:
        with path.open("a", encoding="utf-8") as record:
            record.write(json.dumps(entry, ensure_ascii=False) + "\n")
    except OSError as error:
        raise write_refusal(path, error) from error


def kept_outcomes(folder: Path) -> list[dict[str, Any]]:
    """The tests in a run's record, the oldest first; what cannot be read is left out."""
    entries = []
    try:
        lines = text_of(file_bytes(folder / RECORD_NAME)).splitlines()
    except (OSError, Unreadable):
        return []
    for line in lines:
        try:
            entry = read_json(line, names=True)
        except Unreadable:
            continue
        if isinstance(entry, dict):
            entries.append(entry)
    return entries
