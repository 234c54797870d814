"""Counting a prompt's tokens while it is written, behind the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.services.token_counter import TokenCounter

if TYPE_CHECKING:
    from studio.bridge.background import Background
    from studio.domain.errors import StudioError
    from studio.domain.model import ModelInfo


class TokenCounts(QObject):
    """Counts the latest text of each field; texts that were typed over in the meantime are skipped.

    Signals:
        counted: name of the field, its tokens with begin and end marks, and how many of them the model reads.
    """

    counted = Signal(str, int, int)

    def __init__(self, reader: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._model: ModelInfo | None = None
        self._texts: dict[str, str] = {}
        self._wanted: dict[str, str] = {}
        self._is_counting = False
        self._counter: tuple[ModelInfo, TokenCounter] | None = None

    def set_model(self, model: ModelInfo) -> None:
        """Count with this model's vocabulary from now on, all fields anew."""
        if model == self._model:
            return
        self._model = model
        self._wanted = dict(self._texts)
        self._go_on()

    def count(self, field_name: str, text: str) -> None:
        """Count the text of a field; `counted` says the number."""
        self._texts[field_name] = self._wanted[field_name] = text
        self._go_on()

    def _go_on(self) -> None:
        model = self._model
        if self._is_counting or model is None or not self._wanted:
            return
        field_name, text = self._wanted.popitem()
        self._is_counting = True

        def say(tokens: int) -> None:
            self._is_counting = False
            if model == self._model:
                self.counted.emit(field_name, tokens, model.token_limit)
            self._go_on()

        def give_up(_: StudioError) -> None:
            # A model without a readable vocabulary cannot paint either; the job will say so.
            self._is_counting = False
            self._go_on()

        self._reader.run(lambda: self._counter_of(model).count(text), say, give_up)

    def _counter_of(self, model: ModelInfo) -> TokenCounter:
        """Return the model's counter. Called on the reader's thread, which alone uses it."""
        if self._counter is None or self._counter[0] != model:
            self._counter = (model, TokenCounter(model.ref.folder))
        return self._counter[1]
