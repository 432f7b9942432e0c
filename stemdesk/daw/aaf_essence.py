"""The audio inside an AAF file: one mono file of 24-bit samples for each channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stemdesk.daw.closed_pcm import SAMPLE_BYTES, packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.daw.closed_pcm import ClosedPcm


@dataclass(frozen=True)
class EssenceTrack:
    """A channel as an AAF file knows it: a master mob that stands for a file mob with samples.

    Attributes:
        name: of the clip and of its file.
        frames: length in samples.
        master: its master mob, which clips refer to.
        data: the essence data that hold the samples.
    """

    name: str
    frames: int
    master: Any
    data: Any

    def clip(self) -> Any:
        """A clip of all of it, to put on a timeline."""
        (slot,) = self.master.slots
        return self.master.create_source_clip(
            slot.slot_id, start=0, length=self.frames, media_kind="sound"
        )


def create_essence(file: Any, name: str, sample_rate: int, frames: int) -> EssenceTrack:
    """Adds a channel without its samples, which `fill_essence` brings.

    Args:
        file: an open `aaf2` file.
        name: of the clip.
        sample_rate: Hz.
        frames: length in samples.
    """
    source = file.create.SourceMob(name)
    file.content.mobs.append(source)
    data, source_slot = source.create_essence(edit_rate=sample_rate, media_kind="sound")
    source_slot.segment.length = frames
    source_slot["PhysicalTrackNumber"].value = 1
    source.descriptor = _descriptor(file, sample_rate, frames)

    master = file.create.MasterMob(name)
    file.content.mobs.append(master)
    slot = master.create_timeline_slot(edit_rate=sample_rate)
    slot["PhysicalTrackNumber"].value = 1
    slot.segment = source.create_source_clip(
        source_slot.slot_id, start=0, length=frames, media_kind="sound"
    )
    return EssenceTrack(name, frames, master, data)


def fill_essence(tracks: Sequence[Sequence[EssenceTrack]], pcm: ClosedPcm) -> None:
    """Writes all samples, block after block.

    Args:
        tracks: of each part its channels.
        pcm: the samples of those parts.
    """
    streams = [[channel.data.open("w") for channel in channels] for channels in tracks]
    for block in pcm.blocks():
        for part, channels in zip(block, streams, strict=True):
            for samples, stream in zip(part, channels, strict=True):
                stream.write(packed(samples))


def _descriptor(file: Any, sample_rate: int, frames: int) -> Any:
    descriptor = file.create.PCMDescriptor()
    descriptor["SampleRate"].value = sample_rate
    descriptor["AudioSamplingRate"].value = sample_rate
    descriptor["Channels"].value = 1
    descriptor["QuantizationBits"].value = 8 * SAMPLE_BYTES
    descriptor["BlockAlign"].value = SAMPLE_BYTES
    descriptor["AverageBPS"].value = sample_rate * SAMPLE_BYTES
    descriptor.length = frames
    return descriptor
