"""The queue: what is being painted and what waits, each with its cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from studio.bridge.queue_model import JobRole, JobRow
from studio.domain.job import JobState
from studio.ui import theme
from studio.ui.pace import Pace
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, LABEL, RADIUS, SPACE
from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

_EDGE = 2 * SPACE


class QueuePanel(QScrollArea):
    """One row for each job that is not over, in the order they are painted.

    Signals:
        cancel_requested: the id of the job to stop or take out.
    """

    cancel_requested = Signal(str)

    def __init__(self, model: QAbstractItemModel) -> None:
        super().__init__()
        self._model = model
        self._rows: list[QueueRow] = []
        self._ground = _Ground()
        self._column = QVBoxLayout(self._ground)
        self._column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        self._column.setSpacing(SPACE)
        self._column.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._ground)
        self.setAccessibleName("Queue")
        for signal in (model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.modelReset, model.dataChanged):
            signal.connect(self._follow)
        self._follow()

    @property
    def rows(self) -> tuple[QueueRow, ...]:
        """What is shown, from top to bottom."""
        return tuple(self._rows)

    def _follow(self) -> None:
        jobs = [self._model.index(row, 0).data(JobRole) for row in range(self._model.rowCount())]
        jobs = [job for job in jobs if isinstance(job, JobRow)]
        while len(self._rows) > len(jobs):
            gone = self._rows.pop()
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self._rows) < len(jobs):
            row = QueueRow()
            row.cancel_requested.connect(self.cancel_requested)
            self._column.insertWidget(len(self._rows), row)
            self._rows.append(row)
        for row, job in zip(self._rows, jobs, strict=True):
            row.show_job(job)
        self._ground.is_empty = not jobs
        self._ground.update()


class QueueRow(QWidget):
    """One job.

    Signals:
        cancel_requested: its id.
    """

    cancel_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._job_id = ""
        self._shown: JobRow | None = None
        self._share = 0.0
        self._prompt = _Elided(BODY)
        self._facts = _Elided(LABEL)
        self._facts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.cancel = IconButton(Icon.CLOSE, "Cancel this job", "Cancel this job", side=7 * SPACE)
        self.cancel.clicked.connect(self._ask)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._prompt)
        words.addWidget(self._facts)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, SPACE, 2 * SPACE + 2)
        layout.addLayout(words, 1)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignVCenter)

    @property
    def text(self) -> str:
        """All words of the row."""
        return f"{self._prompt.text()} {self._facts.text()}"

    def show_job(self, row: JobRow) -> None:
        """Show another job, or how far this one is."""
        # Every step of the running job comes by here for all that wait.
        if row is self._shown:
            return
        self._shown = row
        request = row.job.request
        self._job_id = row.job.id
        self._prompt.setText(request.prompt or "(no prompt)")
        self._prompt.setToolTip(request.prompt)
        pace = Pace.of(row.progress) if row.progress is not None else None
        self._share = pace.share if pace is not None else 0.0
        facts = [f"{request.width}x{request.height}", f"{request.sampling.steps} steps"]
        if request.count > 1:
            facts.append(f"{request.count} pictures")
        match row.job.state:
            case JobState.CANCELLING:
                facts = ["Stopping …"]
            case JobState.RUNNING if pace is not None:
                facts = [pace.headline, pace.left] if pace.left else [pace.headline]
            case _:
                facts.insert(0, "Waits")
        self._facts.setText(" · ".join(facts))
        self.cancel.setEnabled(row.job.state is not JobState.CANCELLING)
        self.cancel.setAccessibleName(f"Cancel: {request.prompt}")
        self.setAccessibleName(self.text)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens.outline))
        painter.setBrush(QColor(tokens.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if self._share:
            width = (self.width() - 6 * SPACE) * self._share
            painter.fillRect(QRectF(3 * SPACE, self.height() - 5, width, 2), QColor(tokens.accent))
        painter.end()

    def _ask(self) -> None:
        self.cancel_requested.emit(self._job_id)


class _Elided(QLabel):
    """A label of one line that ends in an ellipsis where it is too narrow."""

    def __init__(self, pixels: int) -> None:
        super().__init__()
        self.setFont(font(pixels))
        self.setTextFormat(Qt.TextFormat.PlainText)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class _Ground(QWidget):
    """What lies below the rows, and speaks when there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.is_empty = True

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.window))
        if self.is_empty:
            area = self.rect().adjusted(2 * _EDGE, 0, -2 * _EDGE, 0)
            middle = area.center().y() - 10 * SPACE
            icons.paint(painter, Icon.QUEUE, QRect(area.left(), middle - 48, area.width(), 28), tokens.text_disabled)
            painter.setFont(font(BODY))
            painter.setPen(QColor(tokens.text))
            painter.drawText(
                QRect(area.left(), middle, area.width(), 20), Qt.AlignmentFlag.AlignCenter, "Nothing waits"
            )
            painter.setFont(font(LABEL))
            painter.setPen(QColor(tokens.text_quiet))
            room = QRect(area.left(), middle + 24, area.width(), 60)
            hint = "Generate again while a picture is painted, and it queues up here"
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, hint)
        painter.end()
