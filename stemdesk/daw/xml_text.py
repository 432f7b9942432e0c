"""Words of users in XML, which does not hold every character that a name may have."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

_UNHELD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """A text without what XML 1.0 has no way to write (section 2.2): control codes, surrogates."""
    return _UNHELD.sub("\ufffd", text)


def xml_bytes(root: ET.Element) -> bytes:
    """A document in UTF-8 with its declaration, indented for people."""
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document + b"\n"
