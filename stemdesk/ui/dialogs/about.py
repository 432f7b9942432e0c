"""About StemDesk: version, licence, what it is built on, and who gave voices and instruments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stemdesk.ui.dialogs.credits import LIBRARIES
from stemdesk.ui.dialogs.tall_rows import TallRows
from stemdesk.ui.icons import icon
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.labels import bold_font, paragraph
from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QPainter

SIGN_PX = 72
TITLE_PX = 22


class AboutDialog(QDialog):
    """See the module.

    Args:
        version: of StemDesk.
        model_credits: title of a model -> whom its licence asks to name.
        system: one line each about Python, Qt, system and device; copied for reports.
        parent: the window.
    """

    def __init__(
        self,
        version: str,
        model_credits: Mapping[str, Sequence[str]],
        system: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle(self.tr("About StemDesk"))
        self._version, self._system = version, tuple(system)
        tabs = QTabWidget()
        tabs.setObjectName("abouttabs")
        tabs.setAccessibleName(self.tr("What StemDesk is built on"))
        tabs.tabBar().setAccessibleName(tabs.accessibleName())
        tabs.setDocumentMode(True)
        tabs.addTab(self._libraries(), self.tr("Built on"))
        tabs.addTab(self._models(model_credits), self.tr("Models"))
        tabs.addTab(self._computer(), self.tr("This computer"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(3 * GRID_PX)
        column.addLayout(self._head())
        column.addWidget(tabs, 1)
        column.addWidget(buttons)
        self.resize(560, 520)

    @property
    def report(self) -> str:
        """Version and system, as they are copied."""
        return "\n".join((f"StemDesk {self._version}", *self._system))

    def _head(self) -> QHBoxLayout:
        title = QLabel(f"StemDesk {self._version}")
        title.setObjectName("title")
        title.setFont(bold_font(TITLE_PX))
        told = paragraph("told", self.tr("Takes a finished mix apart into stems, and proves that "
            "they sum to it."))  # fmt: skip
        licence = paragraph("licence", self.tr("Free software under the GNU General Public "
            "License, version 3 or later. It comes without any warranty."),
            is_dim=True)  # fmt: skip
        words = QVBoxLayout()
        words.setSpacing(GRID_PX)
        for each in (title, told, licence):
            words.addWidget(each)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(4 * GRID_PX)
        row.addWidget(_Sign(), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _libraries(self) -> QTreeWidget:
        tree = _table("libraries", (self.tr("Library"), self.tr("Licence"), self.tr("From")))
        tree.setAccessibleName(self.tr("Libraries"))
        for credit in LIBRARIES:
            tree.addTopLevelItem(QTreeWidgetItem(list(credit)))
        return tree

    def _models(self, model_credits: Mapping[str, Sequence[str]]) -> QWidget:
        tree = _table("modelcredits", (self.tr("Trained on the work of"),))
        tree.setAccessibleName(self.tr("Models"))
        tree.setRootIsDecorated(True)
        for title, people in model_credits.items():
            model = QTreeWidgetItem([title])
            model.addChildren([QTreeWidgetItem([person]) for person in people])
            tree.addTopLevelItem(model)
            model.setExpanded(True)
        return tree

    def _computer(self) -> QWidget:
        page = QWidget()
        text = paragraph("system", self.report)
        copy = plain_button("copysystem", self.tr("Copy"), self.tr("Copy for a report"), "copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report))
        column = QVBoxLayout(page)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(text)
        column.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page


class _Sign(Painted):
    def __init__(self) -> None:
        super().__init__("sign", "StemDesk")
        self.setFixedSize(QSize(SIGN_PX, SIGN_PX))

    def paint(self, painter: QPainter) -> None:
        icon("app").paint(painter, self.rect())


def _table(name: str, columns: tuple[str, ...]) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setObjectName(name)
    tree.setHeaderLabels(list(columns))
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setItemDelegate(TallRows(tree))
    tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    tree.header().setStretchLastSection(True)
    return tree
