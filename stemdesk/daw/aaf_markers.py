"""Markers in an AAF file: descriptive markers on an event track of the composition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemdesk.daw.xml_text import xml_text

if TYPE_CHECKING:
    from stemdesk.daw.session import Session

_COLOUR = "Blue"


def create_marker_slot(file: Any, composition: Any, session: Session, origin: int) -> None:
    """Adds the session's markers; those before the beginning of the timeline stay out.

    The name is both user and comment, since programs differ in which of them they show, and stands
    again in the attributes that Media Composer's own files have. Points in time have no length.

    Args:
        file: an open `aaf2` file.
        composition: with all its sound tracks.
        session: the markers.
        origin: where the audio begins, in frames.
    """
    markers = [marker for marker in session.markers if origin + marker.frame >= 0]
    if not markers:
        return
    slot = file.create.EventMobSlot()
    slot.slot_id = max(each.slot_id for each in composition.slots) + 1
    slot.name = "Markers"
    slot.edit_rate = session.sample_rate
    slot["PhysicalTrackNumber"].value = 1
    described = next(each for each in composition.slots if each.media_kind == "Sound")
    sequence = file.create.Sequence(media_kind="DescriptiveMetadata")
    for marker in markers:
        text = xml_text(marker.name)
        event = file.create.DescriptiveMarker()
        event["Position"].value = origin + marker.frame
        event["Comment"].value = text
        event["DescribedSlots"].value = {described.slot_id}
        event["CommentMarkerUser"].value = text
        event["CommentMarkerAttributeList"].value = [
            file.create.TaggedValue(name, value)
            for name, value in (
                ("_ATN_CRM_USER", text),
                ("_ATN_CRM_COLOR", _COLOUR),
                ("_ATN_CRM_COM", text),
            )
        ]
        del event["Length"]
        sequence.components.append(event)
    del sequence["Length"]
    slot.segment = sequence
    composition.slots.append(slot)
