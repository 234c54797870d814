"""The settings that are set once: which field of `Settings` stands where, and how it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Ask(Enum):
    """How a setting is asked for."""

    TOGGLE = auto()
    TEXT = auto()
    FOLDER = auto()
    FILE = auto()
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One setting.

    Attributes:
        field: of `Settings`, which has its title, its help and its range.
        ask: how it is asked for.
        empty: what an empty text stands for.
    """

    field: str
    ask: Ask
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that belong together."""

    title: str
    rows: tuple[Row, ...]


SECTIONS: Final = (
    Section(
        "Pictures",
        (
            Row("pictures_folder", Ask.FOLDER, "Sfumato in the system's folder for pictures"),
            Row("file_name_template", Ask.TEXT),
        ),
    ),
    Section(
        "Content Credentials",
        (
            Row("sign_exports", Ask.TOGGLE),
            Row("sign_history", Ask.TOGGLE),
            Row("signing_certificate", Ask.FILE, "Self-issued, made at first use"),
            Row("signing_key", Ask.FILE, "Self-issued, made at first use"),
        ),
    ),
    Section("Canvas", (Row("undo_mib", Ask.NUMBER),)),
)
