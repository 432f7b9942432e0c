"""A strip's effects in order: drag to move, the dot bypasses, a click opens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from stemdesk.mixing.settings import PLUGIN
from stemdesk.ui.mixer.effect_row import RowLook, paint_row
from stemdesk.ui.mixer.effect_words import effect_title, kind_deed
from stemdesk.ui.own_keys import OwnKeys, is_plain
from stemdesk.ui.theme import ROW_PX, TARGET_PX, theme

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from PySide6.QtGui import (
        QContextMenuEvent,
        QFocusEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
    )

    from stemdesk.mixing.settings import EffectSettings

_DRAG_PX = 6
_CROSS_FROM_PX = 128  # narrower rows have no room for a cross beside the name


class EffectList(OwnKeys, QWidget):
    """The rows; names of effects in its signals are those of the settings.

    Up and Down choose, Alt+Up and Alt+Down move, Space bypasses, Enter opens, Delete removes.

    Args:
        strip: for people.
        parent: the scroll area.
    """

    opened = Signal(str)
    bypassed = Signal(str, bool)
    removed = Signal(str)
    moved = Signal(str, int)  # name, place in the new order
    window_requested = Signal(str)  # a plug-in's own
    bypass_menu_made = Signal(str, QMenu)  # name, menu that may get more about its bypass

    def __init__(self, strip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._effects: tuple[EffectSettings, ...] = ()
        self._faults: dict[str, str] = {}
        self._loading: frozenset[str] = frozenset()
        self._selected = ""
        self._current = 0
        self._pressed: tuple[int, float] | None = None
        self._gap: int | None = None
        self._is_shut = False
        self._hovered = -1
        self.setObjectName(f"effects:{strip}")
        self.setAccessibleName(self.tr("{0}: effects").format(strip))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @property
    def selected(self) -> str:
        """The effect whose editor is open; empty for none."""
        return self._selected

    def show_effects(
        self,
        effects: Sequence[EffectSettings],
        faults: Mapping[str, str] | None = None,
        loading: Collection[str] = (),
        *,
        is_shut: bool = False,
    ) -> None:
        """Show a chain.

        Args:
            effects: in order.
            faults: what has gone wrong, by effect.
            loading: effects that are still to come.
            is_shut: it is bypassed as a whole.
        """
        new, faults, coming = tuple(effects), dict(faults or {}), frozenset(loading)
        here = (self._effects, self._faults, self._loading, self._is_shut)
        if (new, faults, coming, is_shut) == here:
            return
        self._loading = coming
        self._is_shut = is_shut
        if [each.name for each in new] != [each.name for each in self._effects]:
            self._pressed = self._gap = None
        self._effects, self._faults = new, faults
        self._current = max(0, min(self._current, len(new) - 1))
        self.setFixedHeight(ROW_PX * len(new))
        self._describe()
        self.update()

    def select(self, name: str) -> int | None:
        """Mark the effect whose editor is open; its row's middle, if it is here."""
        self._selected = name
        self.update()
        for row, effect in enumerate(self._effects):
            if effect.name == name:
                self._current = row
                return row * ROW_PX + ROW_PX // 2
        return None

    def dot(self, row: int) -> QRect:
        """Where a row is clicked to bypass its effect."""
        return QRect(0, row * ROW_PX, TARGET_PX, ROW_PX)

    def cross(self, row: int) -> QRect:
        """Where a row is clicked to remove its effect; empty where there is no room."""
        if self.width() < _CROSS_FROM_PX:
            return QRect()
        return QRect(self.width() - TARGET_PX, row * ROW_PX, TARGET_PX, ROW_PX)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All rows."""
        return QSize(76, ROW_PX * len(self._effects))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The rows, and where a dragged one would go."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in range(len(self._effects)):
            place = QRect(0, row * ROW_PX, self.width(), ROW_PX)
            if place.intersects(event.rect()):
                paint_row(painter, place, self._effects[row], self._look(row))
        if self._gap is not None:
            y = min(max(self._gap * ROW_PX, 1), self.height() - 1)
            painter.setPen(QPen(theme().accent, 2.0))
            painter.drawLine(QLineF(0.0, y, self.width(), y))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Bypass, remove, or begin to open or drag."""
        row = self._row(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or row is None:
            return
        self._current = row
        effect = self._effects[row]
        if self.dot(row).contains(event.position().toPoint()):
            self.bypassed.emit(effect.name, not effect.bypass)
        elif self.cross(row).contains(event.position().toPoint()):
            self.removed.emit(effect.name)
        else:
            self._pressed = (row, event.position().y())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag, or light up what is under the mouse."""
        y = event.position().y()
        if self._pressed is not None:
            if self._gap is not None or abs(y - self._pressed[1]) >= _DRAG_PX:
                self._gap = max(0, min(len(self._effects), round(y / ROW_PX)))
                self.setCursor(QCursor(Qt.CursorShape.ClosedHandCursor))
                self.update()
            return
        row = self._row(event.position())
        self._hover(-1 if row is None else row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open, or drop."""
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        row, gap = self._pressed[0], self._gap
        self._let_go()
        if gap is None:
            self.opened.emit(self._effects[row].name)
        else:
            self._move(row, gap if gap <= row else gap - 1)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing is under the mouse."""
        self._hover(-1)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """What can be done with a row."""
        if not self._effects:
            return
        by_mouse = self._row(QPointF(event.pos()))
        row = self._current if by_mouse is None else by_mouse
        self.menu(row).popup(event.globalPos())

    def menu(self, row: int) -> QMenu:
        """What can be done with an effect."""
        effect = self._effects[row]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Open"), lambda: self.opened.emit(effect.name))
        if effect.kind == PLUGIN:
            menu.addAction(
                self.tr("Open the plug-in's own window"),
                lambda: self.window_requested.emit(effect.name),
            )
        bypass = menu.addAction(
            self.tr("Bypass"), lambda: self.bypassed.emit(effect.name, not effect.bypass)
        )
        bypass.setCheckable(True)
        bypass.setChecked(effect.bypass)
        self.bypass_menu_made.emit(effect.name, menu)
        menu.addSeparator()
        up = menu.addAction(self.tr("Move up"), lambda: self._move(row, row - 1))
        up.setEnabled(row > 0)
        down = menu.addAction(self.tr("Move down"), lambda: self._move(row, row + 1))
        down.setEnabled(row < len(self._effects) - 1)
        menu.addSeparator()
        menu.addAction(self.tr("Remove"), lambda: self.removed.emit(effect.name))
        return menu

    def event(self, event: QEvent) -> bool:
        """A tooltip for each row; its keys are its own while it has the focus."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._row(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if row is None else self.row_tip(row), self)
            return True
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        return super().event(event)

    def row_tip(self, row: int) -> str:
        """What a row says about its effect."""
        effect = self._effects[row]
        title, deed = effect_title(effect), kind_deed(effect.kind)
        lines = [f"{title}: {deed}" if deed else title]
        if effect.bypass or self._is_shut:
            lines.append(self.tr("Bypassed"))
        if effect.name in self._loading:
            lines.append(self.tr("Loading: it is heard as soon as it is there"))
        if effect.name in self._faults:
            lines.append(self._faults[effect.name])
        lines.append(
            self.tr("Click to open, the dot bypasses (Space), drag to move (Alt+Up, Down)")
        )
        return "\n".join(lines)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the ring."""
        self.update()
        super().focusInEvent(event)

    def _look(self, row: int) -> RowLook:
        name = self._effects[row].name
        dragged = self._pressed[0] if self._pressed and self._gap is not None else -1
        return RowLook(
            is_selected=name == self._selected,
            is_dragged=row == dragged,
            has_cross=row == self._hovered and not self.cross(row).isEmpty(),
            has_fault=name in self._faults,
            has_ring=self.hasFocus() and row == self._current,
            coming=self.tr("loading…") if name in self._loading else "",
            is_shut=self._is_shut,
        )

    def _row(self, place: QPointF) -> int | None:
        row = int(place.y() // ROW_PX)
        return row if 0 <= row < len(self._effects) else None

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.update()

    def _let_go(self) -> None:
        self._pressed = self._gap = None
        self.unsetCursor()
        self.update()

    def _move(self, row: int, to_row: int) -> None:
        if to_row != row and 0 <= to_row < len(self._effects):
            self._current = to_row
            self.moved.emit(self._effects[row].name, to_row)

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        key = Qt.Key(event.key())
        if not self._effects:
            return None
        if key is Qt.Key.Key_Escape:
            return self._let_go if self._gap is not None else None
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            is_moving = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            by = -1 if key is Qt.Key.Key_Up else 1
            return partial(self._step, by, is_moving=is_moving)
        has_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if has_shift or not is_plain(event):
            return None
        effect = self._effects[self._current]
        open_it = partial(self.opened.emit, effect.name)
        remove = partial(self.removed.emit, effect.name)
        deeds: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Space: partial(self.bypassed.emit, effect.name, not effect.bypass),
            Qt.Key.Key_Return: open_it,
            Qt.Key.Key_Enter: open_it,
            Qt.Key.Key_Delete: remove,
            Qt.Key.Key_Backspace: remove,
        }
        return deeds.get(key)

    def _step(self, by: int, *, is_moving: bool) -> None:
        if is_moving:
            self._move(self._current, self._current + by)
        else:
            self._current = max(0, min(len(self._effects) - 1, self._current + by))
            self._describe()
        self.update()

    def _describe(self) -> None:
        if not self._effects:
            self.setAccessibleDescription(self.tr("none"))
            return
        effect = self._effects[self._current]
        state = self.tr("bypassed") if effect.bypass or self._is_shut else self.tr("on")
        if effect.name in self._loading:
            state = self.tr("loading…")
        self.setAccessibleDescription(
            self.tr("{0} of {1}: {2}, {3}").format(
                self._current + 1, len(self._effects), effect_title(effect), state
            )
        )
