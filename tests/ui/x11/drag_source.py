"""A small window from which files are dragged, as from a file manager.

python drag_source.py TITLE FILE...
"""

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QLabel


class Source(QLabel):
    def __init__(self, files):
        super().__init__("drag from here")
        self._urls = [QUrl.fromLocalFile(str(Path(file).absolute())) for file in files]

    def mousePressEvent(self, _event):  # noqa: N802 - Qt's name
        data = QMimeData()
        data.setUrls(self._urls)
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)


app = QApplication(sys.argv[:1])
window = Source(sys.argv[2:])
window.setWindowTitle(sys.argv[1])
window.setAlignment(Qt.AlignmentFlag.AlignCenter)
window.resize(220, 120)
window.show()
sys.exit(app.exec())
