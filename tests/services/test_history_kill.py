"""Killed at any moment, the history loses no picture whose save was confirmed, and index and files agree afterwards."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from studio.services.history import History
from studio.services.history_check import check
from studio.services.pictures import read_picture
from tests.services.histories import add, picture_of

ROOT = Path(__file__).parents[2]
KILLS = 10
"""Of one test; the tests share the processors."""
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


def save_and_kill(database: Path, pictures: Path, dice: Random) -> tuple[int, int]:
    """Kill processes that save; return how many saves they confirmed, and how many files without a row were found."""
    confirmed, found = dict[int, str](), 0
    for _ in range(KILLS):
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


def throw_and_kill(database: Path, pictures: Path, dice: Random) -> int:
    """Kill processes that throw pictures away and bring them back; return how many had to be put right."""
    ids, put_right = _some(database, pictures), 0
    for _ in range(KILLS):
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
@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_lost_by_ten_kills_in_the_middle_of_saving(
    database: Path, pictures: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    confirmed, found = save_and_kill(database, pictures, Random(seed))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{KILLS} kills: all {confirmed} confirmed saves are there; {found} files got their row later\n"
        )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_lost_by_ten_kills_in_the_middle_of_the_trash(
    database: Path, pictures: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    put_right = throw_and_kill(database, pictures, Random(seed))
    with capsys.disabled():
        sys.stdout.write(f"\n{KILLS} kills: {put_right} files were not where their row said, all put right\n")
