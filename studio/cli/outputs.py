"""Where pictures go, and what they are called."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from studio.domain.errors import InvalidSetting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Outputs:
    """Names for the pictures of one job.

    Attributes:
        folder: where they go.
        stem: of the file that the user named; empty in a folder.
        alone: whether there is one picture, which may replace that file.
    """

    folder: Path
    stem: str
    alone: bool

    @classmethod
    def of(cls, out: str | None, pictures: int) -> Outputs:
        """Return the names for what ``--out`` says.

        Raises:
            InvalidSetting: the file's ending is not ``.png``.
        """
        if out is None:
            return cls(Path(), "", alone=False)
        path = Path(out).expanduser()
        separators = tuple(filter(None, (os.sep, os.altsep)))
        if out.endswith(separators) or path.is_dir():
            return cls(path, "", alone=False)
        if path.suffix.lower() not in {"", ".png"}:
            raise InvalidSetting(
                f"The file {out} cannot be written", "Sfumato writes PNG files", f"Use {path.stem}.png"
            )
        return cls(path.parent, path.stem if path.suffix else path.name, alone=pictures == 1)

    def write(self, seed: int, writer: Callable[[Path, bool], object]) -> Path:
        """Write one picture under its name, or the next one that is free, and return that.

        Args:
            seed: of the picture.
            writer: takes the path and whether it may replace a file; raises `FileExistsError` where it may not.
        """
        if self.stem and self.alone:
            path = self.folder / f"{self.stem}.png"
            writer(path, True)
            return path
        return write_new((self.folder / name for name in self._names(seed)), writer)

    def _names(self, seed: int) -> Iterator[str]:
        if self.stem:
            return (f"{self.stem}-{number}.png" for number in count(1))
        return numbered(f"sfumato-{seed}")


def numbered(stem: str) -> Iterator[str]:
    """Yield ``stem.png``, ``stem-2.png``, ``stem-3.png`` and so on."""
    yield f"{stem}.png"
    yield from (f"{stem}-{number}.png" for number in count(2))


def write_new(paths: Iterator[Path], writer: Callable[[Path, bool], object]) -> Path:
    """Write under the first of these names that is free, and return it. Two processes never take the same one."""
    for path in islice(paths, 1_000_000):
        if path.exists():
            continue
        try:
            writer(path, False)
        except FileExistsError:
            continue
        return path
    raise InvalidSetting("Every name is taken", "a million pictures of that name are there", "Choose another folder")
