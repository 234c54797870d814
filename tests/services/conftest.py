"""What the history's tests stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from studio.services.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the index of `history` lies."""
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where the pictures of `history` lie."""
    return tmp_path / "pictures"


@pytest.fixture
def history(database: Path, pictures: Path) -> Iterator[History]:
    """An empty history."""
    opened = History(database, pictures)
    yield opened
    opened.close()
