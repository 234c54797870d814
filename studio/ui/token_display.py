"""Shows beside each prompt how many of the model's tokens it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from studio.bridge.tokens import TokenCounts
    from studio.ui.panels import PromptPanel

_PROMPT: Final = "prompt"
_NEGATIVE_PROMPT: Final = "negative_prompt"


class TokenDisplay(QObject):
    """Has the prompts counted whenever they, or the model, change."""

    def __init__(self, tokens: TokenCounts, panel: PromptPanel) -> None:
        """Join them; nothing is counted before `count` is called, or a text changes.

        Args:
            tokens: counts, behind the window.
            panel: has the prompts, and owns this.
        """
        super().__init__(panel)
        self._tokens, self._panel = tokens, panel
        panel.texts_changed.connect(self.count)
        tokens.counted.connect(self._show)

    def count(self) -> None:
        """Count both prompts."""
        if self._panel.model is not None:
            self._tokens.set_model(self._panel.model)
        self._tokens.count(_PROMPT, self._panel.prompt.text)
        self._tokens.count(_NEGATIVE_PROMPT, self._panel.negative_prompt.text)

    def _show(self, field: str, tokens: int, limit: int) -> None:
        text = self._panel.prompt if field == _PROMPT else self._panel.negative_prompt
        text.show_count(tokens if text.text else None, limit)
