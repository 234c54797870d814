"""The queue as rows: what runs, what waits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

if TYPE_CHECKING:
    from studio.domain.events import Progress
    from studio.domain.job import Job

JobRole: Final = int(Qt.ItemDataRole.UserRole) + 1
"""`JobRow` of a row."""
_NO_INDEX: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job that has not ended.

    Attributes:
        job: with its request and its state.
        progress: the last that was heard of it.
    """

    job: Job
    progress: Progress | None = None


class QueueModel(QAbstractListModel):
    """Jobs that have not ended, oldest first. Only `GenerationController` changes it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[JobRow] = []

    @property
    def rows(self) -> tuple[JobRow, ...]:
        """All rows."""
        return tuple(self._rows)

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return row.job.request.prompt
            case _ if role == JobRole:
                return row
            case _:
                return None

    def add(self, job: Job) -> None:
        """Show a new job, last."""
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows))
        self._rows.append(JobRow(job))
        self.endInsertRows()

    def update_job(self, job: Job) -> None:
        """Show a job's new state."""
        row = self._row_of(job.id)
        if row is not None:
            self._replace(row, replace(self._rows[row], job=job))

    def update_progress(self, progress: Progress) -> None:
        """Show how far a job is."""
        row = self._row_of(progress.job_id)
        if row is not None:
            self._replace(row, replace(self._rows[row], progress=progress))

    def remove(self, job_id: str) -> None:
        """Show a job no longer."""
        row = self._row_of(job_id)
        if row is not None:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._rows[row]
            self.endRemoveRows()

    def _row_of(self, job_id: str) -> int | None:
        return next((number for number, row in enumerate(self._rows) if row.job.id == job_id), None)

    def _replace(self, number: int, row: JobRow) -> None:
        # Not compared with the old one first: equality of requests may compare megapixels.
        self._rows[number] = row
        index = self.index(number)
        self.dataChanged.emit(index, index)
