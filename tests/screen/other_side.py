"""Another program: offers things to drag, and takes what is dropped on it; says what happens to it.

    python -m tests.screen.other_side FORMS

FORMS is JSON: kind -> Base64 of what is offered when its upper half is dragged. The lower half takes drops.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from tests.screen.speaking import middle, run, say


class Source(QLabel):
    """Drags its forms."""

    def __init__(self, forms: dict[str, str]) -> None:
        super().__init__("drag me")
        self._forms = forms

    @override
    def mouseMoveEvent(self, ev: QMouseEvent, /) -> None:
        mime = QMimeData()
        for kind, data in self._forms.items():
            mime.setData(kind, QByteArray(base64.b64decode(data)))
        drag = QDrag(self)
        drag.setMimeData(mime)
        say("dragged", action=drag.exec(Qt.DropAction.CopyAction).name)


class Target(QLabel):
    """Takes a drop as a file manager does: it looks at the files at once."""

    def __init__(self) -> None:
        super().__init__("drop here")
        self.setAcceptDrops(True)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        say("entered", formats=event.mimeData().formats())
        event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent, /) -> None:
        mime = event.mimeData()
        files = [Path(url.toLocalFile()) for url in mime.urls()]
        say(
            "received",
            files=[[file.name, hashlib.sha256(file.read_bytes()).hexdigest()] for file in files],
            png=hashlib.sha256(bytes(mime.data("image/png").data())).hexdigest(),
            image=QImage(mime.imageData()).size().toTuple(),
            formats=mime.formats(),
        )
        event.acceptProposedAction()


def main(forms: dict[str, str]) -> int:
    app = QApplication(["other"])
    window = QWidget()
    window.setWindowTitle("Other side")
    source, target = Source(forms), Target()
    layout = QVBoxLayout(window)
    layout.addWidget(source)
    layout.addWidget(target)
    # A click into the studio must not hide where a drag is to end.
    window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
    window.setGeometry(40, 60, 400, 400)
    window.show()
    return run(app, lambda: {"source": middle(source), "target": middle(target)})


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
