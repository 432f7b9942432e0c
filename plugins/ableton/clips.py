"""The clip in Live's detail view, and clips of its stems on tracks below."""

from __future__ import annotations

from typing import Any

# A warped clip whose own speed is kept may differ by this from what its beats say.
SAME_SPEED_SECONDS = 0.001
NEXT_STEP = "consolidate it (Edit > Consolidate) and select the new clip"


class Refusal(Exception):
    """A sentence for the user."""


class Work:
    """What can be done with the song that is open in Live."""

    def __init__(self, song: Any) -> None:
        self._song = song

    def selection(self) -> dict[str, Any]:
        """The selected clip: its file, and from where to where in it, in seconds."""
        clip = self._clip()
        start, end = self._passage(clip)
        return {
            "file": clip.file_path,
            "name": clip.name,
            "start_seconds": start,
            "duration_seconds": end - start,
        }

    def put_back(self, stems: list[dict[str, Any]]) -> list[str]:
        """Clips of the stems at the selected clip's place, which is muted; one undo step.

        Args:
            stems: of each its `name`, `file` and `colour` (0xRRGGBB).

        Returns:
            The names of the new tracks.
        """
        clip = self._clip()
        track = self._track_of(clip)
        index = list(self._song.tracks).index(track)
        names = []
        self._song.begin_undo_step()
        try:
            for number, stem in enumerate(stems, 1):
                self._song.create_audio_track(index + number)
                new = self._song.tracks[index + number]
                new.name = f"{track.name} {stem['name']}"
                new.color = stem["colour"]
                self._dress(self._new_clip(new, clip, track, stem["file"]), clip, stem)
                names.append(new.name)
            clip.muted = True
        finally:
            self._song.end_undo_step()
        return names

    def _clip(self) -> Any:
        clip = self._song.view.detail_clip
        if clip is None or not clip.is_audio_clip:
            raise Refusal("No audio clip is selected in Live: click one")
        return clip

    def _passage(self, clip: Any) -> tuple[float, float]:
        """First and last second of the file that the clip plays, once and at its own speed."""
        if clip.looping and clip.is_arrangement_clip and not self._plays_its_loop_once(clip):
            raise Refusal(f"The clip {clip.name} repeats its loop: {NEXT_STEP}")
        if not clip.warping:
            return max(clip.loop_start, 0.0), clip.loop_end
        start, end = (
            clip.beat_to_sample_time(beat) / clip.sample_rate
            for beat in (clip.loop_start, clip.loop_end)
        )
        heard_seconds = (clip.loop_end - clip.loop_start) * 60.0 / self._song.tempo
        if start < 0.0 or abs(heard_seconds - (end - start)) > SAME_SPEED_SECONDS:
            raise Refusal(f"The clip {clip.name} is warped to another speed: {NEXT_STEP}")
        return start, end

    @staticmethod
    def _plays_its_loop_once(clip: Any) -> bool:
        beats = clip.end_time - clip.start_time
        return clip.start_marker == clip.loop_start and beats == clip.loop_end - clip.loop_start

    def _track_of(self, clip: Any) -> Any:
        tracks = list(self._song.tracks)
        found = clip.canonical_parent
        while found not in tracks:
            found = found.canonical_parent
        return found

    @staticmethod
    def _new_clip(new: Any, clip: Any, track: Any, file: str) -> Any:
        if clip.is_arrangement_clip:
            return new.create_audio_clip(file, clip.start_time)
        slots = [slot.clip for slot in track.clip_slots]
        return new.clip_slots[slots.index(clip)].create_audio_clip(file)

    @staticmethod
    def _dress(new: Any, clip: Any, stem: dict[str, Any]) -> None:
        # Live warps what it imports after a tempo of its own guess; the file has the right speed.
        new.warping = False
        new.name = f"{clip.name} {stem['name']}"
        new.color = stem["colour"]
        new.gain = clip.gain
        new.pitch_coarse = clip.pitch_coarse
        new.pitch_fine = clip.pitch_fine
