"""The Pro Tools Scripting Library, through py-ptsl, which is an optional part of StemDesk."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

ADDRESS = "localhost:31416"
"""Where Pro Tools listens, after Avid's documentation."""


def has_ptsl() -> bool:
    """Whether py-ptsl is installed."""
    return importlib.util.find_spec("ptsl") is not None


def require_ptsl() -> None:
    """Refuse without py-ptsl.

    Raises:
        UserError: It is not installed.
    """
    if not has_ptsl():
        raise UserError(
            "Pro Tools is reached through the package py-ptsl, which is not installed",
            "install it with pip install 'stemdesk[protools]'",
        )


class ProTools:
    """A running Pro Tools; its times are in samples of the session.

    Args:
        address: host and port of its server.

    Raises:
        UserError: It does not answer.
    """

    def __init__(self, address: str = ADDRESS) -> None:
        require_ptsl()
        import ptsl

        self._rpc_error = importlib.import_module("grpc").RpcError  # which has no types
        self._command_error = ptsl.errors.CommandError
        try:
            # Its own explanation of a refused connection goes to stderr; ours follows.
            self._engine = ptsl.Engine(
                company_name="StemDesk", application_name="StemDesk", address=address
            )
        except self._rpc_error as error:
            raise UserError(
                "Pro Tools does not answer",
                "start Pro Tools 2023.6 or newer and open a session in it",
            ) from error

    def selection(self) -> tuple[int, int]:
        """First sample of the selection, and the one behind its last."""
        from ptsl import PTSL_pb2 as pt

        first, last = self._ask(lambda: self._engine.get_timeline_selection(format=pt.Samples))
        try:
            return int(first), int(last)
        except ValueError as error:
            raise UserError(
                f"Pro Tools gives its selection as {first} to {last}, which are no samples",
                "choose samples as the main counter",
            ) from error

    def selected_tracks(self) -> list[str]:
        """The names of the tracks that are selected."""
        from ptsl import PTSL_pb2 as pt

        wanted = [pt.TrackListInvertibleFilter(filter=pt.SelectedExplicitly, is_inverted=False)]
        return [track.name for track in self._ask(lambda: self._engine.track_list(wanted))]

    def export_clips(self, folder: str) -> None:
        """Write the selected clips as interleaved float files.

        Args:
            folder: as Pro Tools writes paths, see :func:`stemdesk_plugins.protools.paths.shown`.
        """
        from ptsl import PTSL_pb2 as pt

        self._ask(
            lambda: self._engine.export_clips_as_files(
                folder, pt.WAV, pt.Bit32Float, pt.EF_Interleaved
            )
        )

    def import_at(self, files: Sequence[str], first: int) -> None:
        """Put files on new tracks, which take their names, at a sample of the timeline."""
        from ptsl import PTSL_pb2 as pt

        self._ask(
            lambda: self._engine.import_audio(
                list(files),
                audio_operations=pt.AddAudio,
                audio_destination=pt.MD_NewTrack,
                audio_location=pt.ML_Spot,
                timecode=str(first),
                location_type=pt.Start,
                location_options=pt.Samples,
            )
        )

    def mute(self, tracks: Sequence[str]) -> None:
        """Mute tracks."""
        from ptsl import PTSL_pb2 as pt

        told = {"track_names": list(tracks), "enabled": True}
        self._ask(lambda: self._engine.client.run_command(pt.SetTrackMuteState, told))

    def close(self) -> None:
        """Let go of it."""
        self._engine.close()

    def _ask(self, question: Any) -> Any:
        """What Pro Tools answers.

        Raises:
            UserError: It refuses, or has gone.
        """
        try:
            return question()
        except self._command_error as error:
            raise UserError(
                f"Pro Tools refused ({error.message or error.error_name})",
                "close its dialogs, select one whole clip, and try again",
            ) from error
        except self._rpc_error as error:
            raise UserError("Pro Tools has gone", "start it again") from error
