"""The recipe as text, with the line marked that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QPainter,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from stemdesk.ui.theme import SMALL_PX, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent, QTextDocument

MARGIN_PX = 36


class TomlEditor(QPlainTextEdit):
    """See the module. Tab leaves it.

    Signals:
        edited(text): a person has changed it.

    Args:
        parent: the page.
    """

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipetext")
        self.setAccessibleName(self.tr("Recipe as TOML"))
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(SMALL_PX + 1)
        self.setFont(font)
        self._wrong: int | None = None
        self._told = False
        self._colours = _Colours(self.document())
        self._margin = _Margin(self)
        self.setViewportMargins(MARGIN_PX, 0, 0, 0)
        self.textChanged.connect(self._tell)
        self.updateRequest.connect(lambda *_: self._margin.update())

    @property
    def text(self) -> str:
        """All of it."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another text, as one step that undo takes back; the cursor stays in its line."""
        if text == self.text:
            return
        line = self.textCursor().blockNumber()
        self._told = True
        whole = QTextCursor(self.document())
        whole.select(QTextCursor.SelectionType.Document)
        whole.insertText(text)
        self._told = False
        block = self.document().findBlockByNumber(min(line, self.blockCount() - 1))
        self.setTextCursor(QTextCursor(block))

    def mark(self, line: int | None) -> None:
        """Mark a line, from 1, as wrong; None for no line."""
        self._wrong = line
        marks = []
        if line is not None:
            block = self.document().findBlockByNumber(min(line, self.blockCount()) - 1)
            tint = QColor(theme().alarm)
            tint.setAlphaF(0.22)
            mark = QTextEdit.ExtraSelection()
            mark.format.setBackground(tint)
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(block)
            marks.append(mark)
        self.setExtraSelections(marks)
        self._margin.update()

    @property
    def marked(self) -> int | None:
        """The line that is marked as wrong."""
        return self._wrong

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The numbers stay on the left."""
        super().resizeEvent(event)
        inner = self.contentsRect()
        self._margin.setGeometry(QRect(inner.left(), inner.top(), MARGIN_PX, inner.height()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_colours"):
            self._told = True
            self._colours.rehighlight()
            self._told = False
            self.mark(self._wrong)

    def paint_margin(self, event: QPaintEvent) -> None:
        """Numbers of the lines; that of the wrong one with a sign."""
        painter = QPainter(self._margin)
        painter.fillRect(event.rect(), theme().panel)
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        place = self.contentOffset()
        while block.isValid():
            room = self.blockBoundingGeometry(block).translated(place)
            if room.top() > event.rect().bottom():
                break
            number = block.blockNumber() + 1
            is_wrong = number == self._wrong
            painter.setPen(theme().alarm if is_wrong else theme().dim)
            text = f"! {number}" if is_wrong else str(number)
            right = Qt.AlignmentFlag.AlignRight
            painter.drawText(0, round(room.top()), MARGIN_PX - 8, round(room.height()), right, text)
            block = block.next()

    def _tell(self) -> None:
        if not self._told:
            self.edited.emit(self.text)


class _Margin(QWidget):
    def __init__(self, editor: TomlEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(MARGIN_PX, 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        self._editor.paint_margin(event)


class _Colours(QSyntaxHighlighter):
    """Tables and comments stand out a little."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        whole = QTextCharFormat()
        start = text.lstrip()
        if start.startswith("#"):
            whole.setForeground(theme().dim)
            self.setFormat(0, len(text), whole)
        elif start.startswith("["):
            whole.setForeground(theme().accent)
            self.setFormat(0, len(text), whole)
