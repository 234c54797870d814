"""Cancelling a job: a token shared between threads."""

from __future__ import annotations

import threading


class JobCancelled(Exception):
    """Raised inside the engine where the token was seen; never shown as a failure."""


class CancelToken:
    """Says whether a job shall stop. Safe to use from any thread.

    A token belongs to one job and cannot be taken back.
    """

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Ask the job to stop."""
        self._event.set()

    def raise_if_cancelled(self) -> None:
        """Raise `JobCancelled` once `cancel` was called."""
        if self._event.is_set():
            raise JobCancelled
