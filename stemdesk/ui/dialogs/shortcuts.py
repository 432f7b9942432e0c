"""All keys on one page: grouped, searchable, printable."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stemdesk.ui.action_table import ACTIONS, GROUPS
from stemdesk.ui.actions import translated
from stemdesk.ui.clear_line import ClearLine
from stemdesk.ui.dialogs.key_caps import KeyCaps
from stemdesk.ui.icons import icon
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.labels import heading, paragraph
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = 2


class Shortcut(NamedTuple):
    """One line of the sheet.

    Attributes:
        group: heading it stands under.
        text: what it does.
        keys: as the system writes them; each a way of its own.
        tip: more words, searched as well.
    """

    group: str
    text: str
    keys: tuple[str, ...]
    tip: str = ""


def table_shortcuts() -> tuple[Shortcut, ...]:
    """The lines of the table of actions that have keys, in the user's language and order."""
    native = QKeySequence.SequenceFormat.NativeText
    return tuple(
        Shortcut(
            translated(group),
            translated(spec.text).rstrip("…"),
            tuple(QKeySequence(keys).toString(native) for keys in spec.keys),
            translated(spec.tip),
        )
        for group in GROUPS
        for spec in ACTIONS
        if spec.group == group and spec.keys
    )


class ShortcutSheet(QDialog):
    """See the module; not modal, so that keys can be tried beside it.

    Args:
        further: lines that are in no menu: keys and gestures of the timeline and the faders.
        parent: the window.
    """

    def __init__(self, further: Sequence[Shortcut] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.shortcuts = (*table_shortcuts(), *further)
        self._groups: list[_Group] = []
        self._search = ClearLine()
        self._nothing = paragraph("nothing", self.tr("No action or key is called that."),
            is_dim=True)  # fmt: skip
        self._print = plain_button("print", self.tr("Print…"), picture="print")
        self._print.clicked.connect(self._ask_and_print)
        self._build_search()
        self._lay_out()
        self.resize(940, 680)

    @property
    def shown(self) -> tuple[Shortcut, ...]:
        """What the search has left over."""
        return tuple(line for group in self._groups for line in group.shown)

    def document(self) -> QTextDocument:
        """The sheet as it is printed: all lines, black on white."""
        between = "  " + self.tr("or") + "  "
        parts = [f"<h2>{html.escape(self.windowTitle())}</h2>"]
        for group in self._groups:
            parts.append(f"<h4>{html.escape(group.title)}</h4><table width='100%' cellpadding='1'>")
            parts += [
                f"<tr><td width='60%'>{html.escape(line.text)}</td>"
                f"<td>{html.escape(between.join(line.keys))}</td></tr>"
                for line in group.lines
            ]
            parts.append("</table>")
        document = QTextDocument()
        document.setHtml("".join(parts))
        return document

    def _ask_and_print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self.document().print_(printer)

    def _find(self, text: str) -> None:
        words = text.casefold().split()
        for group in self._groups:
            group.keep(words)
        self._nothing.setVisible(not self.shown)

    def _build_search(self) -> None:
        self._search.setObjectName("search")
        self._search.setAccessibleName(self.tr("Search"))
        self._search.setPlaceholderText(self.tr("Search actions and keys"))
        self._search.show_picture(icon("search"), self.tr("Search"))
        self._search.textChanged.connect(self._find)

    def _lay_out(self) -> None:
        inside = QWidget()
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 0, 2 * GRID_PX, 0)
        columns.setSpacing(8 * GRID_PX)
        for share in self._shared_out():
            column = QVBoxLayout()
            column.setSpacing(4 * GRID_PX)
            for title in share:
                lines = [line for line in self.shortcuts if line.group == title]
                group = _Group(title, lines)
                self._groups.append(group)
                column.addWidget(group)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self._nothing.hide()
        area = QScrollArea()
        area.setObjectName("sheet")
        area.setAccessibleName(self.tr("Shortcuts"))
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.addWidget(self._search, 1)
        head.addWidget(self._print)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * GRID_PX, 4 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        whole.setSpacing(3 * GRID_PX)
        whole.addLayout(head)
        whole.addWidget(self._nothing)
        whole.addWidget(area, 1)

    def _shared_out(self) -> list[list[str]]:
        """The groups' titles, over columns of about one height, in reading order."""
        titles = list(dict.fromkeys(line.group for line in self.shortcuts))
        sizes = {title: 2 + sum(line.group == title for line in self.shortcuts) for title in titles}
        shares: list[list[str]] = [[] for _ in range(COLUMNS)]
        filled, whole = 0.0, sum(sizes.values())
        for title in titles:
            # By its middle: a group belongs to the column in which most of it lies.
            column = int(COLUMNS * (filled + sizes[title] / 2) / whole)
            shares[column].append(title)
            filled += sizes[title]
        return shares


class _Group(QWidget):
    """The lines under one heading."""

    def __init__(self, title: str, lines: Sequence[Shortcut]) -> None:
        super().__init__()
        self.title, self.lines = title, tuple(lines)
        self._rows: list[tuple[QWidget, QWidget]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3 * GRID_PX)
        grid.setVerticalSpacing(GRID_PX)
        grid.setColumnStretch(0, 1)
        grid.addWidget(heading("", title), 0, 0, 1, 2)
        for place, line in enumerate(self.lines):
            text = paragraph("", line.text)
            text.setToolTip(line.tip)
            caps = KeyCaps(line.keys)
            grid.addWidget(text, place + 1, 0)
            grid.addWidget(caps, place + 1, 1, Qt.AlignmentFlag.AlignRight)
            self._rows.append((text, caps))

    @property
    def shown(self) -> tuple[Shortcut, ...]:
        return tuple(
            line
            for line, (text, _) in zip(self.lines, self._rows, strict=True)
            if not text.isHidden()
        )

    def keep(self, words: Sequence[str]) -> None:
        """Show only the lines in which all words occur."""
        for line, row in zip(self.lines, self._rows, strict=True):
            heap = " ".join((line.group, line.text, line.tip, *line.keys)).casefold()
            for widget in row:
                widget.setVisible(all(word in heap for word in words))
        self.setVisible(bool(self.shown))
