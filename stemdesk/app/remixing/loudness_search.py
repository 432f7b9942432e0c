"""The gain and the ceiling with which a mix comes out as loud as it was asked for."""

from __future__ import annotations

import math

MAX_GAIN_DB = 30.0
TRIES = 5
TOLERANCE_LU = 0.1
PEAK_MARGIN_DB = 0.05
PEAK_TOLERANCE_DB = 0.05
# Less loudness than this for a dB of gain: the mix is squashed, and more gain is but distortion.
LEAST_YIELD = 0.15
MAX_STEP_DB = 12.0


class LoudnessSearch:
    """Proposes settings, is told what came of them, and proposes better ones.

    The gain follows the secant through the last two measured points, for a limiter gives less
    loudness the harder it is driven. The ceiling sinks by what the wave swung over between the
    samples.

    Args:
        wanted_lufs: integrated loudness.
        most_dbtp: the true peak allowed.
        unlimited_lufs: loudness of the mix as it is; -inf for silence.

    Attributes:
        gain_db: to try next.
        ceiling_db: to try next.
        is_over: the last try is as good as any.
        notes: one sentence each about what was not reached.
    """

    def __init__(self, wanted_lufs: float, most_dbtp: float, unlimited_lufs: float) -> None:
        self._wanted_lufs, self._most_dbtp = wanted_lufs, most_dbtp
        self._is_silent = unlimited_lufs == -math.inf
        gain_db = 0.0 if self._is_silent else wanted_lufs - unlimited_lufs
        self._is_too_quiet = gain_db > MAX_GAIN_DB
        self.gain_db, self.ceiling_db = min(MAX_GAIN_DB, gain_db), most_dbtp
        self._before = (-most_dbtp, unlimited_lufs - most_dbtp)
        self._yield = 1.0
        self._tries = 0
        self.is_over = False
        self.notes: list[str] = []

    def note(self, loudness_lufs: float, true_peak_dbtp: float) -> None:
        """What came of the proposal."""
        self._tries += 1
        over_db = true_peak_dbtp - self._most_dbtp
        is_loud = self._is_silent or abs(self._wanted_lufs - loudness_lufs) <= TOLERANCE_LU
        gain_db, ceiling_db = self.gain_db, self.ceiling_db
        if over_db > 0.0:
            ceiling_db -= over_db + PEAK_MARGIN_DB
        if not self._is_silent:
            gain_db = self._next_gain_db(loudness_lufs, ceiling_db)
        is_at_end = is_loud or abs(gain_db - self.gain_db) < TOLERANCE_LU / 2
        if self._tries == TRIES or (over_db <= 0.0 and is_at_end):
            self.is_over = True
            self._tell(loudness_lufs, true_peak_dbtp)
        else:
            self.gain_db, self.ceiling_db = gain_db, ceiling_db

    def _next_gain_db(self, loudness_lufs: float, ceiling_db: float) -> float:
        """Where the secant meets what is wanted; no higher where more gain brings no more.

        A limiter does the same at every level: how far the loudness lies from the ceiling is told
        by how far the gain does (the drive), whatever the ceiling.
        """
        drive_db, distance_lu = self.gain_db - self.ceiling_db, loudness_lufs - self.ceiling_db
        before_db, before_lu = self._before
        if abs(drive_db - before_db) > TOLERANCE_LU / 2:
            self._yield = (distance_lu - before_lu) / (drive_db - before_db)
        self._before = (drive_db, distance_lu)
        missing_lu = self._wanted_lufs - ceiling_db - distance_lu
        if missing_lu > 0.0 and self._yield < LEAST_YIELD:
            missing_lu = 0.0
        step_db = missing_lu / min(1.0, max(LEAST_YIELD, self._yield))
        step_db = min(MAX_STEP_DB, max(-MAX_STEP_DB, step_db))
        return min(MAX_GAIN_DB, drive_db + step_db + ceiling_db)

    def _tell(self, loudness_lufs: float, true_peak_dbtp: float) -> None:
        if true_peak_dbtp - self._most_dbtp > PEAK_TOLERANCE_DB:
            self.notes.append(
                f"The true peak is {true_peak_dbtp:.2f} dBTP, above the {self._most_dbtp:g} dBTP"
                " that were asked for."
            )
        missing_lu = self._wanted_lufs - loudness_lufs
        if self._is_silent or abs(missing_lu) <= TOLERANCE_LU:
            return
        if self._is_too_quiet:
            why = f"the mix is very quiet and was raised by {MAX_GAIN_DB:g} dB, not more"
        elif missing_lu > 0.0:
            why = "the true peak leaves no room for more"
        else:
            why = f"nearer to {self._wanted_lufs:g} LUFS it did not come in {TRIES} tries"
        self.notes.append(f"The loudness is {loudness_lufs:.1f} LUFS: {why}.")
