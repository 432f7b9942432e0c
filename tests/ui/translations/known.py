"""The German translation as it lies in the repository."""

import xml.etree.ElementTree as ET

from stemdesk.ui.application import TRANSLATIONS

TS = TRANSLATIONS / "stemdesk_de.ts"


def messages(ts=TS):
    """(context, source) -> the translation's element."""
    return {
        (context.findtext("name"), message.findtext("source")): message.find("translation")
        for context in ET.parse(ts).iter("context")
        for message in context.iter("message")
    }


TEXTS = {place: element.text or "" for place, element in messages().items()}
GERMAN = set(TEXTS.values())
# What is on the screen in English by mistake; words that are German too are none.
ENGLISH = {source for (_, source), german in TEXTS.items() if german != source} - GERMAN
