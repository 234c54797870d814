"""The log is one file by area that never grows large, and costs nothing where it cannot be written."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from studio.services.log_file import MAX_BYTES, OLD_FILES, start_log, stop_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def log_is_stopped() -> Iterator[None]:
    """Leave logging as it was found."""
    logger = logging.getLogger("sfumato")
    before = logger.level, logger.propagate
    yield
    stop_log()
    logger.level, logger.propagate = before
    assert logger.handlers == []


def test_every_area_writes_into_one_file(tmp_path: Path) -> None:
    path = tmp_path / "data" / "sfumato.log"
    start_log(path, verbose=False)
    assert not path.exists(), "nothing was said yet"
    logging.getLogger("sfumato.history").warning("a picture is gone: %s", "fox.png")
    logging.getLogger("sfumato.engine").debug("of interest to developers only")
    stop_log()
    written = path.read_text()
    assert "WARNING" in written
    assert "sfumato.history: a picture is gone: fox.png" in written
    assert "developers" not in written


def test_verbose_says_more_and_says_it_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start_log(tmp_path / "sfumato.log", verbose=True)
    logging.getLogger("sfumato.engine").debug("of interest to developers only")
    assert "developers" in capsys.readouterr().err


def test_old_lines_are_let_go(tmp_path: Path) -> None:
    start_log(tmp_path / "sfumato.log", verbose=False)
    line = "x" * 100_000
    for _ in range(5 * MAX_BYTES // len(line)):
        logging.getLogger("sfumato.engine").info(line)
    stop_log()
    files = list(tmp_path.iterdir())
    assert len(files) == OLD_FILES + 1
    assert all(file.stat().st_size <= MAX_BYTES for file in files)


def test_a_place_that_cannot_be_written_costs_the_log_only(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    start_log(tmp_path / "data" / "sfumato.log", verbose=False)
    logging.getLogger("sfumato.engine").error("nobody hears this")
