"""A small window that writes down the addresses dropped on it, one a line.

python drop_target.py TITLE LIST
"""

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel


class Target(QLabel):
    def __init__(self, listed):
        super().__init__("drop here")
        self._listed = listed
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event):  # noqa: N802 - Qt's name
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event):  # noqa: N802 - Qt's name
        event.acceptProposedAction()
        lines = "".join(f"{url.toLocalFile()}\n" for url in event.mimeData().urls())
        partial = self._listed.with_suffix(".partial")
        partial.write_text(lines)
        partial.replace(self._listed)


app = QApplication(sys.argv[:1])
window = Target(Path(sys.argv[2]))
window.setWindowTitle(sys.argv[1])
window.setAlignment(Qt.AlignmentFlag.AlignCenter)
window.resize(220, 120)
window.show()
sys.exit(app.exec())
