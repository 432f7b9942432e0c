"""The use case: one song in, its stems on disk, the null proved."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stemdesk.app.outputs import OutputPlan, plan_outputs
from stemdesk.app.render import Rendering, render, verify
from stemdesk.app.resampled import ResampledStream
from stemdesk.app.targets import check_template, decider, name_tokens, plan_targets
from stemdesk.audio.clip import AudioClip
from stemdesk.audio.formats import choose_output
from stemdesk.audio.reading import AudioReader, open_audio, scan_finite
from stemdesk.files import OverwritePolicy, ensure_writable_folder, require_space, safe_name

if TYPE_CHECKING:
    from stemdesk.app.model import LoadedModel
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.audio.null import NullReport
    from stemdesk.separation.separator import Samples
    from stemdesk.separation.spool import Spool

Report = Callable[[float, str], None]

# Shares of the whole time, measured on a minute of music with the small model and one thread. More
# threads, or a GPU, make the first share smaller, which makes the time left a little too short.
ESTIMATE_SHARE = 0.94
WRITE_SHARE = 0.045


@dataclass(frozen=True)
class SeparateOptions:
    """What the user may choose; the defaults are those of the command line.

    Attributes:
        output: folder for the results.
        stems: names to deliver, all when empty; ``rest`` is everything not named.
        karaoke: deliver vocals and instrumental instead.
        format: ``wav``, ``flac``, ``ogg`` or ``mp3``.
        subtype: ``match``, ``pcm16``, ``pcm24`` or ``float``.
        start_seconds: where in the song to begin; ``duration_seconds`` None: to the end.
        name: template of the file names, see ``--name``.
        overwrite: what to do with files that are there.
        resume: go on where a killed run stopped.
        post: post-processing stages; None: those the model's card names.
    """

    output: Path = Path("separated")
    stems: tuple[str, ...] = ()
    karaoke: bool = False
    format: str = "wav"
    subtype: str = "match"
    start_seconds: float = 0.0
    duration_seconds: float | None = None
    name: str = "{file}/{stem}"
    overwrite: OverwritePolicy = OverwritePolicy.ASK
    resume: bool = True


@dataclass(frozen=True)
class Separation:
    """What came of one song.

    Attributes:
        source: the song.
        files: stem name -> file; empty when all were there and were to be kept.
        null: how the files on disk sum to the song; None when they do not hold all of it.
        model: model id.
        gain: common gain of all stems, 1 unless integer files would have clipped.
        subtype: encoding of the files.
        seconds: wall-clock time taken, without waiting for answers.
        song_seconds: length separated.
        resumed_seconds: how much of it an earlier run had separated.
        notes: one sentence each about what was done otherwise than asked.
    """

    source: Path
    files: dict[str, Path]
    null: NullReport | None
    model: str
    gain: float
    subtype: str
    seconds: float
    song_seconds: float
    resumed_seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    def load(self, stem: str) -> AudioClip:
        """A delivered stem as samples in memory."""
        with open_audio(self.files[stem]) as reader:
            samples = reader.read(reader.info.frames).astype(np.float32)
            return AudioClip(samples, reader.info.sample_rate)


def check_options(options: SeparateOptions, model: LoadedModel) -> None:
    """Refuse what no song could be separated with, before the first is opened.

    Raises:
        UserError: a stem the model does not know, or a bad name template.
    """
    plan = plan_outputs(model.card.stems, options.stems, karaoke=options.karaoke)
    check_template(options.name, [output.name for output in plan.delivered])


def separate_song(
    song: Path,
    options: SeparateOptions,
    model: LoadedModel,
    report: Report,
    ask: Callable[[Path], bool],
    written: Collection[Path] = (),
) -> Separation:
    """Separate one song into files.

    Args:
        song: any audio file.
        options: what to deliver and where.
        model: loaded once for all songs.
        report: told fraction and stage; may raise Cancelled.
        ask: whether a file may be replaced, under the policy ASK.
        written: stems of other songs of this run, which are never replaced.

    Raises:
        UserError: the song cannot be read or the results cannot be written.
    """
    started = time.monotonic()
    report = _never_back(report)

    def ask_off_the_clock(path: Path) -> bool:
        nonlocal started
        asked = time.monotonic()
        answer = ask(path)
        started += time.monotonic() - asked
        return answer

    plan = plan_outputs(model.card.stems, options.stems, karaoke=options.karaoke)
    report(0.0, "reading")
    with open_audio(song, options.start_seconds, options.duration_seconds) as reader:
        spec = choose_output(reader.info, options.format, options.subtype)
        targets = plan_targets(
            options.name,
            {
                output.name: name_tokens(song, reader.info.tags, model.card.id, output.name)
                for output in plan.delivered
            },
            options.output,
            spec.extension,
            decider(options.overwrite, ask_off_the_clock, written),
        )
        if not targets:
            return Separation(song, {}, None, model.card.id, 1.0, spec.subtype, 0.0, 0.0)
        _check_room(options.output, reader, spec, plan, model)
        if reader.info.grid_bits is None:
            scan_finite(reader, lambda *_: report(0.0, "reading"))
        with _spool(song, options, model, reader) as spool:
            resumed_frames = spool.frames_done
            model.take_notes()
            _estimate(reader, spool, model, report)
            job = render(
                Rendering(
                    plan=plan,
                    stems=tuple(model.card.stems),
                    model_rate=model.card.sample_rate,
                    spec=spec,
                    targets=targets,
                    title=safe_name(song.stem),
                    tags=reader.info.tags,
                    match=options.subtype == "match",
                ),
                reader,
                spool,
                lambda done: report(ESTIMATE_SHARE + WRITE_SHARE * done, "writing"),
            )
            verified = ESTIMATE_SHARE + WRITE_SHARE
            null = verify(
                job, reader, lambda done: report(verified + (1 - verified) * done, "checking")
            )
            spool.discard()
        return Separation(
            source=song,
            files=targets,
            null=null,
            model=model.card.id,
            gain=job.gain,
            subtype=job.spec.subtype,
            seconds=time.monotonic() - started,
            song_seconds=reader.info.seconds,
            resumed_seconds=resumed_frames / model.card.sample_rate,
            notes=[*model.take_notes(), *_remarks(spec, job)],
        )


def _never_back(report: Report) -> Report:
    """A report whose fraction never falls: stems that would clip are written twice."""
    furthest = 0.0

    def forward(fraction: float, stage: str) -> None:
        nonlocal furthest
        furthest = max(furthest, fraction)
        report(furthest, stage)

    return forward


def _estimate(reader: AudioReader, spool: Spool, model: LoadedModel, report: Report) -> None:
    """Fill the spool from where it stands to the end of the song."""
    scale = 1.0
    if model.card.song_peak:
        scale = model.separator.song_scale(_ModelRateSource(reader, model.card.sample_rate))
    source = _ModelRateSource(reader, model.card.sample_rate)
    total = len(model.separator.plan(source.frames))
    if spool.chunks_done >= total:
        return
    report(ESTIMATE_SHARE * spool.chunks_done / total, "separating")
    for estimate in model.separator.estimate(source, spool.chunks_done, scale):
        spool.append(estimate.samples)
        report(ESTIMATE_SHARE * (estimate.chunk + 1) / estimate.chunks, "separating")


class _ModelRateSource:
    """The song at the model's rate, from its beginning."""

    def __init__(self, reader: AudioReader, sample_rate: int) -> None:
        reader.seek(0)
        self.channels = reader.info.channels
        self._stream = ResampledStream(
            reader.read,
            channels=self.channels,
            in_rate=reader.info.sample_rate,
            out_rate=sample_rate,
            in_frames=reader.info.frames,
        )
        self.frames = max(1, self._stream.frames)

    def read(self, frames: int) -> Samples:
        return self._stream.read(frames).astype(np.float32)


def _spool(song: Path, options: SeparateOptions, model: LoadedModel, reader: AudioReader) -> Spool:
    from stemdesk.separation.spool import Spool

    stat = song.stat()
    place = f"{song.resolve()}|{options.start_seconds}|{options.duration_seconds}"
    digest = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    key: dict[str, Any] = {
        "version": 1,
        "size": stat.st_size,
        "modified_ns": stat.st_mtime_ns,
        "frames": reader.info.frames,
        **model.fingerprint,
    }
    spool = Spool(
        options.output / f".stemdesk-{digest}.partial",
        key,
        len(model.card.stems) - 1,
        reader.info.channels,
    )
    if not options.resume:
        spool.discard()
    return spool


def _check_room(
    folder: Path, reader: AudioReader, spec: OutputSpec, plan: OutputPlan, model: LoadedModel
) -> None:
    """Refuse before the work when the disk cannot hold spool and results."""
    ensure_writable_folder(folder)
    info = reader.info
    spool_frames = info.frames * model.card.sample_rate / info.sample_rate
    spool_bytes = spool_frames * (len(model.card.stems) - 1) * info.channels * 4
    sample_bytes = {"PCM_16": 2, "PCM_24": 3, "DOUBLE": 8}.get(spec.subtype, 4)
    file_bytes = info.frames * info.channels * sample_bytes * len(plan.delivered)
    require_space(folder, int(spool_bytes + file_bytes) + (1 << 20))


def _remarks(asked: OutputSpec, job: Rendering) -> list[str]:
    remarks = []
    if job.spec.subtype != asked.subtype and not job.spec.integer:
        bits = 64 if job.spec.subtype == "DOUBLE" else 32
        remarks.append(f"A stem rises above full scale, so all were written as {bits}-bit float.")
    if job.gain != 1.0:
        gain_db = 20 * np.log10(job.gain)
        remarks.append(
            f"A stem rises above full scale, so all stems were lowered by {-gain_db:.2f} dB; "
            "the wav format with --subtype float would have kept their level."
        )
    return remarks
