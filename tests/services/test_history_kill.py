"""Killed at any moment, the history loses no picture whose save was confirmed, and index and files agree afterwards."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from studio.services.history import History
from studio.services.history_check import check
from studio.services.pictures import read_picture
from tests.services.histories import add, picture_of

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
LONGEST_S = 0.25
"""Within this time after its first picture a process is killed; a picture takes about 10 ms."""

SAVER = """
import sys
from pathlib import Path
from studio.services.history import History
from tests.services.histories import add
history = History(Path(sys.argv[1]), Path(sys.argv[2]))
for number in range(int(sys.argv[3]), 10**9):
    entry = add(history, number)
    sys.stdout.write(f"{number} {entry.path}\\n")
    sys.stdout.flush()
"""

THROWER = """
import sys
from pathlib import Path
from studio.services.history import History
history = History(Path(sys.argv[1]), Path(sys.argv[2]))
ids = [entry.id for entry in history.page(None, 1000)]
while True:
    history.trash.throw(ids)
    sys.stdout.write("thrown\\n")
    sys.stdout.flush()
    history.trash.bring_back(ids)
    sys.stdout.write("back\\n")
    sys.stdout.flush()
"""


def killed(program: str, *arguments: object, after_s: float) -> list[str]:
    """Run a program, kill it so long after it has said something first, and return what it had said."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline()]
        killer = threading.Timer(after_s, process.kill)
        killer.start()
        said += list(process.stdout)
        killer.join()
    assert process.returncode == -9
    return [line.strip() for line in said if line.endswith("\n")]


def save_and_kill(database: Path, pictures: Path, times: int) -> tuple[int, int]:
    """Kill a process that saves so many times; return how many saves it confirmed, and how many files were found."""
    dice, confirmed, found = Random(7), dict[int, str](), 0
    for _ in range(times):
        first = max(confirmed, default=-1) + 10
        said = killed(SAVER, database, pictures, first, after_s=dice.uniform(0, LONGEST_S))
        confirmed |= {int(number): path for number, path in (line.split(" ", 1) for line in said)}
        with closing(History(database, pictures)) as history:
            found += len(history.recover().adopted)
            assert check(history.index).is_sound
    with closing(History(database, pictures)) as history:
        kept = {str(entry.path): entry for entry in history.page(None, 10**6)}
        assert history.count() == len(kept)
    assert set(confirmed.values()) <= set(kept)
    assert {str(path) for path in pictures.rglob("*.png")} == set(kept)
    for entry in kept.values():
        assert read_picture(entry.path) == picture_of(entry.seed or 0)
    return len(confirmed), found


def throw_and_kill(database: Path, pictures: Path, times: int) -> int:
    """Kill a process that throws pictures away and brings them back; return how many had to be put right."""
    dice, ids = Random(7), _some(database, pictures)
    put_right = 0
    for _ in range(times):
        killed(THROWER, database, pictures, after_s=dice.uniform(0, LONGEST_S))
        with closing(History(database, pictures)) as history:
            put_right += len(history.recover().moved)
            assert check(history.index).is_sound
            entries = history.entries(ids)
            assert len(entries) == len(ids)
            assert all(entry.path.exists() and not entry.is_missing for entry in entries)
            assert all((".trash" in entry.path.parts) == (entry.trashed is not None) for entry in entries)
            back = history.trash.bring_back(ids)
            assert all(entry.path.exists() for entry in back)
            assert len(list(pictures.rglob("*.png"))) == len(ids)
    return put_right


def _some(database: Path, pictures: Path) -> list[int]:
    with closing(History(database, pictures)) as history:
        return [add(history, minute).id for minute in range(20)]


@pytest.mark.slow
@pytest.mark.parametrize("work", [save_and_kill, throw_and_kill])
def test_nothing_is_lost_by_a_few_kills(
    database: Path, pictures: Path, work: Callable[[Path, Path, int], object]
) -> None:
    work(database, pictures, 3)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nothing_is_lost_by_a_hundred_kills(database: Path, pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    confirmed, found = save_and_kill(database, pictures, 100)
    put_right = throw_and_kill(database.with_name("other.sqlite3"), pictures.with_name("other"), 30)
    with capsys.disabled():
        sys.stdout.write(
            f"\n100 kills in the middle of saving: {confirmed} saves confirmed and there, {found} files without a row "
            f"entered; 30 in the middle of the trash: {put_right} records put right, none lost\n"
        )
