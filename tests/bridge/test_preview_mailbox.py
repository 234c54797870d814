"""The latest preview wins, and a slow painter has no backlog."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from studio.bridge.preview_mailbox import PreviewMailbox
from studio.domain.events import Preview
from studio.domain.picture import Picture

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PICTURE = Picture(np.zeros((2, 2, 3), np.uint8))


def preview(step: int) -> Preview:
    return Preview("job", PICTURE, step, 0)


def test_the_latest_wins_and_one_signal_is_enough(qtbot: QtBot) -> None:
    mailbox = PreviewMailbox()
    arrivals: list[None] = []
    mailbox.arrived.connect(lambda: arrivals.append(None))
    for step in range(1, 5):
        mailbox.put(preview(step))
    assert mailbox.take() == preview(4)
    assert mailbox.take() is None
    assert len(arrivals) == 1
    with qtbot.waitSignal(mailbox.arrived):
        mailbox.put(preview(5))


def test_a_flood_leaves_no_backlog_and_the_last_one_arrives(qtbot: QtBot) -> None:
    mailbox = PreviewMailbox()
    seen: list[int] = []

    def paint() -> None:
        latest = mailbox.take()
        if latest is not None:
            seen.append(latest.step)

    mailbox.arrived.connect(paint, Qt.ConnectionType.QueuedConnection)
    count = 4000
    flood = threading.Thread(target=lambda: [mailbox.put(preview(step)) for step in range(1, count + 1)])
    flood.start()
    flood.join()
    # Nobody painted while the flood came: it has left one message.
    qtbot.waitUntil(lambda: seen == [count])


def test_previews_are_seen_in_order_while_they_come(qtbot: QtBot) -> None:
    mailbox = PreviewMailbox()
    seen: list[int] = []

    def paint() -> None:
        latest = mailbox.take()
        if latest is not None:
            seen.append(latest.step)

    mailbox.arrived.connect(paint, Qt.ConnectionType.QueuedConnection)
    flood = threading.Thread(target=lambda: [mailbox.put(preview(step)) for step in range(1, 2001)])
    flood.start()
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == 2000)
    flood.join()
    assert seen == sorted(set(seen))
