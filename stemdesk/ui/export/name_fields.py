"""How the files are called, and a look at the names that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from stemdesk.app.exporting.request import ExportRequest
from stemdesk.ui.export.rows import line
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.labels import Line
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 4


class NameFields(QWidget):
    """See the module.

    Signals:
        changed(): something else was typed.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._template = line("name", self.tr("File names"))
        self._template.setText(ExportRequest.name)
        self._template.textChanged.connect(self.changed)
        self._insert = plain_button("insert", self.tr("Insert"), self.tr("What names may hold"))
        self._insert.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._insert.setMenu(self._tokens())
        self._lines = [Line(f"file:{place}").make_dim() for place in range(SHOWN)]
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self._template, 1)
        row.addWidget(self._insert)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        for each in self._lines:
            each.elide = Qt.TextElideMode.ElideMiddle
            column.addWidget(each)

    @property
    def template(self) -> str:
        """As typed."""
        return self._template.text().strip()

    @property
    def shown(self) -> tuple[str, ...]:
        """The names that are shown."""
        return tuple(each.text for each in self._lines if each.text)

    def show_names(self, names: Sequence[str]) -> None:
        """Names that come of it; none while there are none.

        The room stays as it is, so that nothing jumps while one types.
        """
        texts = list(names)
        if len(texts) > SHOWN:
            more = len(texts) - SHOWN + 1
            texts[SHOWN - 1 :] = [self.tr("and {0} more").format(more)]
        for place, each in enumerate(self._lines):
            each.set_text(texts[place] if place < len(texts) else "")

    def _tokens(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for token, told in (
            ("song", self.tr("Name of the song here")),
            ("stem", self.tr("Stem, or “mix”")),
            ("project", self.tr("Project")),
            ("title", self.tr("Title")),
            ("artist", self.tr("Artist")),
            ("album", self.tr("Album")),
            ("bpm", self.tr("Tempo")),
            ("date", self.tr("Date of today")),
        ):
            action = menu.addAction(told)
            action.setObjectName(f"token:{token}")
            action.setToolTip(f"{{{token}}}")
            action.triggered.connect(lambda _=False, token=token: self._put(f"{{{token}}}"))
        return menu

    def _put(self, token: str) -> None:
        self._template.insert(token)
        self._template.setFocus()
