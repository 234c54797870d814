"""The places at the side of the gallery: each is a search under a name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from studio.bridge.history_overview import ALL, IMPORTED, MISSING, STARRED, TRASH
from studio.domain.query import Label, LabelKind, Query
from studio.domain.query_parsing import parse
from studio.ui.theme.icons import Icon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from studio.services.history_boards import Board, SavedSearch


class PlaceKind(Enum):
    """What a row at the side is."""

    FIXED = "fixed"
    TRASH = "trash"
    TITLE = "title"
    BOARD = "board"
    NEW_BOARD = "new board"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Place:
    """A row at the side.

    Attributes:
        kind: what it is.
        title: for people.
        icon: before the title; None for titles.
        query: what it shows.
        count: pictures that it shows; None where nobody has counted them.
        board_id: of a board.
    """

    kind: PlaceKind
    title: str
    icon: Icon | None = None
    query: str = ""
    count: int | None = None
    board_id: int | None = None

    @property
    def shows(self) -> bool:
        """Whether it shows pictures when it is chosen."""
        return self.kind not in {PlaceKind.TITLE, PlaceKind.NEW_BOARD}


_FIXED: Final = (
    ("All pictures", Icon.HISTORY, ALL),
    ("Starred", Icon.STAR, STARRED),
    ("Imported", Icon.IMPORTED, IMPORTED),
    ("Missing", Icon.NO_PICTURE, MISSING),
)


def places(counts: Mapping[str, int], boards: Sequence[Board], searches: Sequence[SavedSearch]) -> tuple[Place, ...]:
    """Return the rows from top to bottom.

    Args:
        counts: pictures that each query finds, as far as they were counted.
        boards: in their order.
        searches: in theirs.
    """
    fixed = [Place(PlaceKind.FIXED, title, icon, query, counts.get(query)) for title, icon, query in _FIXED]
    # Most people never miss a file.
    shown = [place for place in fixed if place.query != MISSING or place.count]
    found = [Place(PlaceKind.SEARCH, search.name, Icon.SAVED, search.query) for search in searches]
    return (
        *shown,
        Place(PlaceKind.TRASH, "Trash", Icon.DELETE, TRASH, counts.get(TRASH)),
        Place(PlaceKind.TITLE, "Boards"),
        *(Place(PlaceKind.BOARD, board.name, Icon.BOARD, _on(board), board.count, board.id) for board in boards),
        Place(PlaceKind.NEW_BOARD, "New board\u2026", Icon.ADD),
        *((Place(PlaceKind.TITLE, "Saved searches"), *found) if found else ()),
    )


def query_of(text: str) -> Query:
    """Return what a text finds, its last word taken as whole."""
    return parse(f"{text.strip()} ") if text.strip() else Query()


def _on(board: Board) -> str:
    return str(Query().with_term(Label(LabelKind.BOARD, board.name)))
