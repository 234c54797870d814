"""The engine's thread as the main thread sees it: calls go over by signals, and it has a beginning and an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, Signal

from studio.bridge.worker import EngineFactory, EngineWorker, Handover

if TYPE_CHECKING:
    from studio.bridge.preview_mailbox import PreviewMailbox
    from studio.domain.request import ModelRef


class EngineThread(QObject):
    """Owns the thread and the worker on it. Every method returns at once, `close` aside.

    Attributes:
        worker: its signals are the answers; its slots are not called directly.
    """

    _generate_asked = Signal(Handover)
    _load_asked = Signal(object)
    _describe_asked = Signal()
    _measure_asked = Signal()
    _close_asked = Signal()

    def __init__(self, factory: EngineFactory, mailbox: PreviewMailbox, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("sfumato engine")
        worker = self.worker = EngineWorker(factory, mailbox)
        worker.moveToThread(self._thread)
        self._generate_asked.connect(worker.generate)
        self._load_asked.connect(worker.load)
        self._describe_asked.connect(worker.describe)
        self._measure_asked.connect(worker.measure)
        self._close_asked.connect(worker.close)
        # Direct: `close` waits for the thread on the main thread, where nothing queued would be heard.
        worker.closed.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)

    def start(self) -> None:
        """Start the thread; what was asked for before is done now."""
        self._thread.start()

    def generate(self, handover: Handover) -> None:
        """Ask for a job to be painted."""
        self._generate_asked.emit(handover)

    def load(self, model: ModelRef) -> None:
        """Ask for a model to be made ready."""
        self._load_asked.emit(model)

    def describe(self) -> None:
        """Ask for the engine to be started where it is not there, and to say what it is."""
        self._describe_asked.emit()

    def measure(self) -> None:
        """Ask for the engine's memory."""
        self._measure_asked.emit()

    def close(self) -> None:
        """End engine and thread, and wait for it; whatever runs must have been cancelled before."""
        if self._thread.isRunning():
            self.worker.interrupt()
            self._close_asked.emit()
            self._thread.wait()
