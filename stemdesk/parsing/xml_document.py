"""XML 1.0: the one place that reads it.

Entities of a document's own are refused: they are what makes a small file a large document, and no
program that StemDesk works with writes them.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

from stemdesk.parsing.bounds import Excessive, Unreadable

if TYPE_CHECKING:
    from typing import NoReturn

MOST_BYTES = 64 << 20
MOST_LEVELS = 200
MOST_PARTS = 400_000
"""Elements and attributes: what the largest projects have, and some 200 MB of memory."""
_MOST_TAG_BYTES = 1 << 20
_PIECE_BYTES = 1 << 16


class _Builder:
    """Takes what the parser finds, as far as it is bounded."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._tree = ET.TreeBuilder()
        self._levels = self._parts = 0
        self.close = self._tree.close
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._tree.data
        parser.EntityDeclHandler = _refuse_entity

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._levels += 1
        self._parts += 1 + len(attributes)
        if self._levels > MOST_LEVELS:
            raise Excessive(f"its elements are nested more than {MOST_LEVELS} levels deep")
        if self._parts > MOST_PARTS:
            raise Excessive("it has more elements than any real project")
        self._tree.start(tag, attributes)

    def _end(self, tag: str) -> None:
        self._levels -= 1
        self._tree.end(tag)


def read_xml(source: IO[bytes]) -> ET.Element:
    """The root of a document; tags and attributes keep their prefixes.

    Args:
        source: bytes from the beginning of the document.

    Raises:
        Unreadable: it is no XML.
        Excessive: it is too large, too deep, or makes use of entities of its own.
    """
    parser = expat.ParserCreate()
    builder = _Builder(parser)
    size_bytes = 0
    try:
        while piece := source.read(_PIECE_BYTES):
            size_bytes += len(piece)
            if size_bytes > MOST_BYTES:
                raise Excessive(f"it is larger than {MOST_BYTES >> 20} MB")
            parser.Parse(piece, False)  # noqa: FBT003 - expat takes no names
            if size_bytes - max(parser.CurrentByteIndex, 0) > _MOST_TAG_BYTES:
                raise Excessive("it has a tag longer than 1 MB")
        parser.Parse(b"", True)  # noqa: FBT003 - likewise
        return builder.close()
    except expat.ExpatError as error:
        place = f"line {error.lineno}, column {error.offset}"
        raise Unreadable(f"{expat.ErrorString(error.code)}: {place}") from error
    except (UnicodeError, LookupError) as error:  # an encoding that is not known
        raise Unreadable("its encoding is unknown") from error


def _refuse_entity(*_declaration: object) -> NoReturn:
    raise Excessive("it declares entities of its own")
