"""The use case: what a song has become, into files that are read back and proved."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from stemdesk.app.bench.verdict import Verdict, judged
from stemdesk.app.exporting.file import ExportedFile, FileInProgress
from stemdesk.app.exporting.material import Order, open_material
from stemdesk.app.exporting.names import file_names, lane_tags
from stemdesk.app.exporting.null import forecast_null
from stemdesk.app.exporting.plan import ExportPlan, check_room, without_clipping
from stemdesk.app.exporting.proof import Proof, prove, reasons, remarks
from stemdesk.app.exporting.request import ExportRequest, check_request
from stemdesk.app.exporting.source import known_hashes, look_at
from stemdesk.app.seals import Seals
from stemdesk.app.targets import Claims
from stemdesk.audio.writing import WouldClip
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, atomic_path, ensure_writable_folder
from stemdesk.jobs.reports import never_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from stemdesk.app.exporting.material import Material
    from stemdesk.app.exporting.source import ExportSource
    from stemdesk.app.targets import Targets
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.audio.null import NullReport
    from stemdesk.project.document import Track

    Report = Callable[[float, str], None]

__all__ = ["Delivery", "ExportRequest", "ExportedFile", "export"]

RENDER_SHARE = 0.75
CHECK_SHARE = 0.15


@dataclass(frozen=True)
class Delivery:
    """What came of an export.

    Attributes:
        request: what was asked for.
        files: what was written, measured after it was read back.
        kept: lane -> what was there already and was left as it was.
        proof: what is left of the song when the files on disk are taken from it.
        reasons: why something is, one sentence each; empty where nothing is.
        claim: what would null, one sentence.
        subtype: encoding of the files.
        gain: common gain of all stems, 1 unless they would have clipped.
        notes: what else went otherwise than asked, one sentence each.
    """

    request: ExportRequest
    files: tuple[ExportedFile, ...] = ()
    kept: dict[str, Path] = field(default_factory=dict)
    proof: Proof = field(default_factory=Proof)
    reasons: tuple[str, ...] = ()
    claim: str = ""
    subtype: str = ""
    gain: float = 1.0
    notes: tuple[str, ...] = ()

    @property
    def null(self) -> NullReport | None:
        """The measurement; None where there is none."""
        return self.proof.null

    @property
    def verdict(self) -> Verdict:
        """For the null panel."""
        subject = "The exported files" if len(self.files) > 1 else "The exported file"
        null = self.null
        if null is not None and self.proof.is_verdict:
            verdict = judged(subject, null, self.reasons)
        else:
            verdict = Verdict("unmeant" if self.files else "none", subject, null, self.reasons)
        return replace(
            verdict,
            is_export=True,
            without=self.proof.without,
            start_seconds=self._start_seconds,
        )

    @property
    def _start_seconds(self) -> float:
        selection = self.request.selection
        if selection is None or self.null is None:
            return 0.0
        return selection.first_frame / self.null.sample_rate


def export(
    track: Track,
    files: Mapping[str, Path],
    request: ExportRequest,
    report: Report,
    ask: Callable[[Path], bool],
) -> Delivery:
    """Write what is asked for: every file whole, read back and checked before it gets its name.

    Args:
        track: the song, with the mix as it is heard.
        files: stem name -> file, and `mixture` -> the song.
        request: what and where to.
        report: told the fraction done and the stage; may raise Cancelled, and nothing is left.
        ask: whether files may be replaced, under the policy ASK; asked once.

    Raises:
        UserError: the song cannot be exported like that, a file cannot be read or is not what the
            project knows, or the results cannot be written.
    """
    report = never_back(report)
    check_request(track, request)
    report(0.0, "reading")
    order = Order(track, files, request, lambda: report(0.0, "rendering"))
    seals = Seals.of_media(known_hashes(track, files), lambda: report(0.0, "reading"))
    with seals.kept():
        return _exported(order, seals, report, ask)


def _exported(order: Order, seals: Seals, report: Report, ask: Callable[[Path], bool]) -> Delivery:
    track, files, request = order.track, order.files, order.request
    source = look_at(files, lambda: report(0.0, "reading"))
    targets = _targets(track, files, request, source, ask)
    plan = ExportPlan(order, source, forecast_null(track, request, source), targets)
    if not targets.write:
        return Delivery(request, kept=targets.kept, reasons=("Nothing was written.",))
    while True:
        try:
            return _carry_out(plan, seals, report)
        except WouldClip:
            plan = without_clipping(plan)


def _targets(
    track: Track,
    files: Mapping[str, Path],
    request: ExportRequest,
    source: ExportSource,
    ask: Callable[[Path], bool],
) -> Targets:
    wanted = file_names(track, request, source.mixture.tags)
    claims = Claims(files.values(), request.overwrite, ask)
    if request.overwrite is not OverwritePolicy.RENAME:
        for path in wanted.values():
            if claims.is_input(path):
                raise UserError(
                    f"{path} is what the export is made from", "choose another name or folder"
                )
    return claims.claim(wanted)


def _carry_out(plan: ExportPlan, seals: Seals, report: Report) -> Delivery:
    order, request = plan.order, plan.request
    with ExitStack() as stack:
        material = open_material(order, stack)
        spec = plan.spec(material.channels)
        check_room(plan, spec, material.frames)
        unnamed = _begun(plan, spec, material, stack)
        tags = partial(lane_tags, order.track, request, plan.source.mixture.tags)
        notes = material.pour(
            unnamed, tags, plan.gain, lambda done: report(RENDER_SHARE * done, "rendering")
        )
        written = _checked(unnamed, report)
        begun = RENDER_SHARE + CHECK_SHARE
        proof = prove(
            plan,
            unnamed,
            lambda done: report(begun + (1.0 - begun) * done, "proving the null"),
        )
        seals.require(lambda: report(1.0, "checking"))
        # From here on nothing stops the files from getting their names.
    told = remarks(plan, spec, written)
    return Delivery(
        request,
        files=tuple(written),
        kept=plan.targets.kept,
        proof=proof,
        reasons=reasons(plan, proof),
        claim=plan.forecast.claim,
        subtype=spec.subtype,
        gain=plan.gain,
        notes=(*notes, *told),
    )


def _begun(
    plan: ExportPlan, spec: OutputSpec, material: Material, stack: ExitStack
) -> dict[str, FileInProgress]:
    unnamed = {}
    for lane, final in plan.targets.write.items():
        stack.enter_context(_folder(final.parent))
        is_fresh = final in plan.targets.fresh
        partial_path = stack.enter_context(atomic_path(final, replace=not is_fresh))
        unnamed[lane] = FileInProgress(lane, final, partial_path, spec, material.frames)
    return unnamed


@contextmanager
def _folder(path: Path) -> Iterator[None]:
    """Make a folder that does not stay if what was to go into it does not come."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    ensure_writable_folder(path)
    try:
        yield
    except BaseException:
        for each in missing:
            with suppress(OSError):  # somebody else uses it by now
                each.rmdir()
        raise


def _checked(unnamed: Mapping[str, FileInProgress], report: Report) -> list[ExportedFile]:
    done = 0.0

    def tell(part: float) -> None:
        nonlocal done
        done += part / len(unnamed)
        report(RENDER_SHARE + CHECK_SHARE * done, "checking")

    return [file.check(tell) for file in unnamed.values()]
