"""An export that was looked at before any work: what, where to, and in which samples."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stemdesk.app.exporting.source import spec_for
from stemdesk.app.room import LOSSY_BYTES_PER_SECOND, SAMPLE_BYTES, SPARE_BYTES
from stemdesk.audio.formats import FORMATS
from stemdesk.files import require_space

if TYPE_CHECKING:
    from stemdesk.app.exporting.material import Order
    from stemdesk.app.exporting.null import NullForecast
    from stemdesk.app.exporting.request import ExportRequest
    from stemdesk.app.exporting.source import ExportSource
    from stemdesk.app.targets import Targets
    from stemdesk.audio.formats import OutputSpec

# A power of two, so that the gain itself costs no rounding.
GAIN_STEP = 0.5


@dataclass(frozen=True)
class ExportPlan:
    """An export, asked about where that had to be.

    Attributes:
        order: what is to be exported of what.
        source: the files it is made of.
        forecast: whether it is going to null.
        targets: where it goes.
        gain: common gain of all stems.
        subtype: encoding that was chosen since, for stems that would clip.
    """

    order: Order
    source: ExportSource
    forecast: NullForecast
    targets: Targets
    gain: float = 1.0
    subtype: str = ""

    @property
    def request(self) -> ExportRequest:
        """What is asked for."""
        return self.order.request

    def spec(self, channels: int) -> OutputSpec:
        """How the files are written.

        Raises:
            UserError: the format cannot hold them.
        """
        spec = spec_for(self.source, self.request, channels)
        return replace(spec, subtype=self.subtype) if self.subtype else spec


def without_clipping(plan: ExportPlan) -> ExportPlan:
    """Float files, or where format or user rule that out, one common gain; never one a stem."""
    spec = plan.spec(plan.order.track.mixture.channels)
    if plan.request.subtype == "match" and spec.format == "wav":
        # float32 cannot hold the values of 32-bit integers.
        return replace(plan, subtype="DOUBLE" if spec.subtype == "PCM_32" else "FLOAT")
    # A lower gain needs finer steps; where the format is ours to choose, it gets them.
    subtype = "PCM_24" if plan.request.subtype == "match" else spec.subtype
    return replace(plan, gain=plan.gain * GAIN_STEP, subtype=subtype)


def check_room(plan: ExportPlan, spec: OutputSpec, frames: int) -> None:
    """Refuse before the work when the disk cannot hold the files.

    Raises:
        UserError: it cannot.
    """
    if FORMATS[spec.format].lossless:
        file_bytes = float(frames * spec.channels * SAMPLE_BYTES[spec.subtype])
    else:
        file_bytes = frames / spec.sample_rate * LOSSY_BYTES_PER_SECOND * max(1, spec.channels / 2)
    require_space(plan.request.folder, int(file_bytes) * len(plan.targets.write) + SPARE_BYTES)
