"""What the engine's methods take: typed and range-checked before anything is done."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from stemdesk.app.engine.rpc import INVALID_PARAMS, RpcError
from stemdesk.app.forecast import Choice
from stemdesk.app.options import SeparateOptions
from stemdesk.files import OverwritePolicy

if TYPE_CHECKING:
    from stemdesk.app.engine.rpc import Params

_LONGEST_SECONDS = 1e7
_MOST_STEMS = 64

Device = Literal["auto", "cpu", "cuda", "mps"]
Seconds = Annotated[float, Meta(ge=0.0, le=_LONGEST_SECONDS)]
Some = Annotated[float, Meta(gt=0.0, le=_LONGEST_SECONDS)]
Threads = Annotated[int, Meta(ge=1, le=1024)]
JobId = Annotated[int, Meta(ge=1, le=2**53)]
Text = Annotated[str, Meta(max_length=4096)]


class NoParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of methods that take none."""


class AuthParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of `auth`.

    Attributes:
        token: from the engine's file.
    """

    token: str


class JobParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of methods about one job.

    Attributes:
        job: its number.
    """

    job: JobId


class LoadParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of `load`; None: as the engine was started.

    Attributes:
        model: id or folder.
        device: where to compute.
        threads: of the processor.
    """

    model: Text | None = None
    device: Device | None = None
    threads: Threads | None = None


class SeparateParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of `separate`: as the options of `stemdesk separate`, for one song.

    Attributes:
        input: the song, an absolute path.
        output: folder for its stems, an absolute path.
        start_seconds: where in the song to begin; `duration_seconds` None: to the end.
        model: as of :class:`LoadParams`, and so are `device` and `threads`.
        overwrite: what to do with files that are there: `rename` finds names that are free,
            `skip` leaves them as they are.
        notify: send progress through this connection, see `watch`.
        stop_on_disconnect: cancel the job if this connection ends before it has.
    """

    input: Text
    output: Text
    start_seconds: Seconds = 0.0
    duration_seconds: Some | None = None
    model: Text | None = None
    device: Device | None = None
    threads: Threads | None = None
    overwrite: Literal["rename", "skip", "yes"] = "rename"
    stems: Annotated[list[Text], Meta(max_length=_MOST_STEMS)] = msgspec.field(default_factory=list)
    karaoke: bool = False
    format: Literal["wav", "flac", "ogg", "mp3"] = "wav"
    subtype: Literal["match", "pcm16", "pcm24", "float"] = "match"
    name: Text = "{file}/{stem}"
    resume: bool = True
    adapt: bool = False
    accept_incomplete: bool = False
    notify: bool = False
    stop_on_disconnect: bool = False

    def song(self) -> Path:
        """The song.

        Raises:
            RpcError: no path that this could be.
        """
        return _path("input", self.input)

    def options(self) -> SeparateOptions:
        """What to deliver and where.

        Raises:
            RpcError: the folder is no path that this could be.
        """
        return SeparateOptions(
            output=_path("output", self.output),
            stems=tuple(self.stems),
            karaoke=self.karaoke,
            format=self.format,
            subtype=self.subtype,
            start_seconds=self.start_seconds,
            duration_seconds=self.duration_seconds,
            name=self.name,
            overwrite=OverwritePolicy(self.overwrite),
            resume=self.resume,
            adapt=self.adapt,
            accept_incomplete=self.accept_incomplete,
        )


def choice_of(params: LoadParams | SeparateParams, usual: Choice) -> Choice:
    """The model that a call asks for.

    Args:
        params: of the call.
        usual: what the engine was started with.
    """
    return Choice(
        params.model or usual.model,
        params.device or usual.device,
        params.threads or usual.threads,
    )


Kind = TypeVar("Kind", bound=msgspec.Struct)


def convert(params: Params, kind: type[Kind]) -> Kind:
    """A call's parameters, by name or by position.

    Raises:
        RpcError: they are not what the method takes.
    """
    try:
        return msgspec.convert(_by_name(params, kind), kind)
    except msgspec.ValidationError as error:
        raise RpcError(INVALID_PARAMS, f"The parameters are not right: {error}") from error


def _by_name(params: Params, kind: type[msgspec.Struct]) -> dict[str, Any]:
    if isinstance(params, dict):
        return params
    names = kind.__struct_fields__
    if len(params) > len(names):
        raise RpcError(INVALID_PARAMS, f"There are {len(names)} parameters at most")
    return dict(zip(names, params, strict=False))


def _path(name: str, text: str) -> Path:
    """A path that the system could take; the engine's own folder means nothing to a client."""
    path = Path(text)
    try:
        is_possible = path.is_absolute() and b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        is_possible = False
    if not is_possible:
        raise RpcError(INVALID_PARAMS, f"`{name}` is not an absolute path")
    return path
