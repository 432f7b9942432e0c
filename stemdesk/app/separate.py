"""The use case: one song in, its stems on disk, the null proved."""

from __future__ import annotations

import time
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from stemdesk.app.adapting import adapted_to, require_loaded_adaptable
from stemdesk.app.closing import Closing
from stemdesk.app.estimating import (
    ESTIMATE_SHARE,
    WRITE_SHARE,
    discarded,
    estimate,
    open_spool,
)
from stemdesk.app.live.feed import LiveFeed
from stemdesk.app.options import Report, SeparateOptions, Separation
from stemdesk.app.outputs import plan_outputs
from stemdesk.app.plan import SongPlan, check_options, path_refusal, plan_song
from stemdesk.app.remarks import disk_full, is_disk_full, null_expected, remarks
from stemdesk.app.render import Rendering, render, verify
from stemdesk.app.room import check_room
from stemdesk.app.seals import Seal, SourceChanged, telling_changes
from stemdesk.app.songs import Song
from stemdesk.app.targets import Claims
from stemdesk.app.unfinished import work_folder
from stemdesk.audio.formats import choose_output
from stemdesk.audio.reading import open_audio, scan_finite
from stemdesk.audio.source import open_source
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, safe_name
from stemdesk.jobs.reports import never_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from stemdesk.app.live.feed import Listener
    from stemdesk.app.model import LoadedModel
    from stemdesk.audio.null import NullReport
    from stemdesk.audio.reading import AudioReader
    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.spool import Spool

__all__ = ["SeparateOptions", "Separation", "carry_out", "leave_alone", "separate_song"]


def separate_song(
    path: Path,
    options: SeparateOptions,
    model: LoadedModel,
    report: Report,
    ask: Callable[[Path], bool],
    listener: Listener | None = None,
) -> Separation:
    """Separate one song into files.

    Args:
        path: any audio file.
        options: what to deliver and where.
        model: loaded once for all songs.
        report: told fraction and stage; may raise Cancelled.
        ask: whether files may be replaced, under the policy ASK; asked once.
        listener: hears the song meanwhile; what is about to be heard is separated first. The
            model's reconstruction must be ``null``, as what it hears is closed.

    Raises:
        UserError: the song cannot be read or the results cannot be written.
    """
    check_options(options, model.card)
    plan = plan_song(Song(path), options, model.card, Claims([path], options.overwrite, ask))
    if not plan.targets.write:
        return leave_alone(plan, options, model.card)
    return carry_out(plan, options, model, report, listener)


def leave_alone(plan: SongPlan, options: SeparateOptions, card: ModelCard) -> Separation:
    """What is told of a song whose files are all there; an earlier run's work goes."""
    from stemdesk.separation.spool import Layout, Spool

    folder = work_folder(plan.song.path, options)
    if options.overwrite is OverwritePolicy.SKIP and folder.is_dir():
        # If another StemDesk is at work there, it will see to it.
        with suppress(UserError):
            Spool(folder, {}, Layout(1, 1, (0,))).discard()
    kept = plan.targets.kept
    return Separation(plan.song.path, {}, None, card.id, 1.0, plan.subtype, 0.0, 0.0, kept=kept)


def carry_out(
    plan: SongPlan,
    options: SeparateOptions,
    model: LoadedModel,
    report: Report,
    listener: Listener | None = None,
) -> Separation:
    """Separate a planned song; arguments as for :func:`separate_song`.

    Raises:
        UserError: the song cannot be read or the results cannot be written.
    """
    started = time.monotonic()
    if options.adapt:
        require_loaded_adaptable(model)
    report = never_back(report)
    report(0.0, "reading")
    _check_still_free(plan)
    path = plan.song.path
    seal = _sealed(path, report)
    report = seal.watching(report)
    with (
        telling_changes(seal),
        open_audio(
            path,
            options.start_seconds,
            options.duration_seconds,
            check=lambda: report(0.0, "reading"),
            accept_incomplete=options.accept_incomplete,
        ) as reader,
    ):
        if reader.info.grid_bits is None:
            scan_finite(reader, lambda *_: report(0.0, "reading"))
        job = _rendering(plan, options, model, reader)
        check_room(job, reader)
        with (
            open_spool(seal, options, model, reader) as spool,
            _dropping_work(spool, seal),
            _keeping_work(spool, options),
        ):
            notes = discarded(spool)
            resumed_frames = spool.frames_done
            model.take_notes()
            if options.adapt:
                model, report = adapted_to(reader, spool, model, report)
            with _live(listener, spool, reader, model) as live:
                estimate(reader, spool, model, report, live)
            device = str(spool.engine_state.get("device", ""))
            job = render(
                job,
                reader,
                spool,
                lambda done: report(ESTIMATE_SHARE + WRITE_SHARE * done, "writing"),
                seal,
            )
            verified = ESTIMATE_SHARE + WRITE_SHARE
            null, findings = _verified(
                job, reader, seal, lambda done: report(verified + (1 - verified) * done, "checking")
            )
            spool.discard()
        return Separation(
            source=path,
            source_sha256=seal.sha256,
            files=job.targets,
            null=null,
            model=model.card.id,
            reconstruction=model.reconstruction,
            device=device,
            gain=job.gain,
            subtype=job.spec.subtype,
            null_expected=null is not None and null_expected(reader.info, job),
            seconds=time.monotonic() - started,
            song_seconds=reader.info.seconds,
            resumed_seconds=resumed_frames / model.card.sample_rate,
            kept=job.kept,
            notes=[
                *reader.remarks,
                *notes,
                *model.take_notes(),
                *remarks(reader.info, job),
                *findings,
            ],
            adapted=model.is_adapted,
        )


def _sealed(path: Path, report: Report) -> Seal:
    open_source(path).close()  # refuses what is no file at all
    return Seal(path, lambda: report(0.0, "reading"))


def _verified(
    job: Rendering, reader: AudioReader, seal: Seal, report: Callable[[float], None]
) -> tuple[NullReport | None, list[str]]:
    """As :func:`verify`; a song that is changed now says nothing against its stems."""
    try:
        with telling_changes(seal):
            null, findings = verify(job, reader, report)
            if null is not None and null.verdict == "open":
                seal.require()
    except SourceChanged:
        told = f"The null was not checked: {seal.path} was changed after its stems were written."
        return None, [told]
    return null, findings


@contextmanager
def _dropping_work(spool: Spool, seal: Seal) -> Iterator[None]:
    """What was estimated from two different files is of no use to any later run."""
    try:
        with telling_changes(seal):
            yield
    except SourceChanged:
        spool.discard()
        raise


def _live(
    listener: Listener | None, spool: Spool, reader: AudioReader, model: LoadedModel
) -> AbstractContextManager[LiveFeed | None]:
    if listener is None:
        return nullcontext()
    if model.reconstruction != "null":
        raise ValueError("what a listener hears is closed")
    return LiveFeed(listener, spool, reader.info, model.card.sample_rate)


def _check_still_free(plan: SongPlan) -> None:
    """Hours may have passed since the targets were chosen, and nobody can be asked now."""
    for path in plan.targets.write.values():
        if path in plan.targets.fresh and path.exists():
            raise UserError(
                f"The file {path} has come into being since this run began",
                "move it away, or start again with --overwrite skip, rename or yes",
            )


def _rendering(
    plan: SongPlan, options: SeparateOptions, model: LoadedModel, reader: AudioReader
) -> Rendering:
    return Rendering(
        closing=Closing.of(
            model, plan_outputs(model.card.stems, options.stems, karaoke=options.karaoke)
        ),
        spec=choose_output(reader.info, options.format, options.subtype),
        targets=plan.targets.write,
        kept=plan.targets.kept,
        output=options.output,
        work_folder=work_folder(plan.song.path, options),
        title=safe_name(plan.song.path.stem),
        tags=reader.info.tags,
        match=options.subtype == "match",
        fresh=frozenset() if options.overwrite is OverwritePolicy.YES else plan.targets.fresh,
    )


@contextmanager
def _keeping_work(spool: Spool, options: SeparateOptions) -> Iterator[None]:
    """A full disk is more bearable when the work so far is known to be safe."""
    try:
        yield
    except UserError as error:
        if not is_disk_full(error):
            raise
        kept = options.output if spool.done and options.resume else None
        raise disk_full(error, kept) from error
    except OSError as error:
        raise path_refusal(options.output, error) from error
