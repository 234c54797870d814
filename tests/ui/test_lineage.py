"""The lineage of real pictures of a real history: read, drawn, walked through with the mouse and with keys."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from studio.bridge.entry_pictures import EntryPictures
from studio.bridge.lineage_reader import LineageReader
from studio.domain.lineage import EdgeKind, Parent
from studio.services.history import History
from studio.services.thumbnails import Thumbnails
from studio.ui.gallery.lineage import LineageView
from studio.ui.gallery.lineage_items import WordsItem
from tests.bridge.lineages import lineage_of
from tests.bridge.requests import image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS
from tests.ui.looking import show, wheel
from tests.ui.person import button, click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from studio.bridge.background import Background
    from studio.services.history_entry import Entry

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton
STRANGER = "ab" * 32


class Family:
    """A history whose pictures are made of each other.

    First of all comes one of a picture that nobody has; two are made of it; and eight of the second of these.
    """

    def __init__(self, folder: Path) -> None:
        self.history = History(folder / "history.sqlite3", folder / "pictures")
        self.first = self._add(1, Parent(STRANGER, EdgeKind.IMPORT))
        self.son = self._add(2, Parent(self.first.picture_sha256, EdgeKind.VARIATION))
        self.daughter = self._add(3, Parent(self.first.picture_sha256, EdgeKind.INPAINT, "cd" * 32))
        parents = Parent(self.daughter.picture_sha256, EdgeKind.IMAGE_TO_IMAGE)
        self.grandchildren = [self._add(number, parents) for number in range(4, 12)]

    def add_cousins(self, count: int) -> None:
        """Add pictures that were made of the daughter and of the first as well."""
        parents = (Parent(self.daughter.picture_sha256, EdgeKind.VARIATION),)
        for seed in range(20, 20 + count):
            self._add(seed, *parents, Parent(self.first.picture_sha256, EdgeKind.INPAINT))

    def _add(self, seed: int, *parents: Parent) -> Entry:
        request = replace(text_request(f"picture {seed}", seed=seed), parents=parents)
        return self.history.add(request, image_of(request), CONDITIONS, minutes_past_noon(seed))


@pytest.fixture
def family(disk: Background, tmp_path: Path, qtbot: QtBot) -> Iterator[Family]:
    made: list[Family] = []
    disk.run(lambda: Family(tmp_path), made.append)
    qtbot.waitUntil(lambda: bool(made))
    yield made[0]
    disk.run(made[0].history.close)


@pytest.fixture
def open_view(
    app: QApplication, qtbot: QtBot, disk: Background, family: Family, tmp_path: Path
) -> Callable[..., LineageView]:
    assert app

    def open_view(entry: Entry, width: int = 1000) -> LineageView:
        pictures = EntryPictures(Thumbnails(tmp_path / "thumbnails"), disk)
        view = LineageView(LineageReader(disk, lambda: family.history), pictures)
        show(view, qtbot, width, 600)
        view.show_entry(entry.id)
        qtbot.waitUntil(lambda: view.tree is not None)
        return view

    return open_view


@pytest.fixture
def view(open_view: Callable[..., LineageView], family: Family) -> LineageView:
    return open_view(family.daughter)


def press(view: LineageView, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(view.canvas, key)


def words_in(view: LineageView) -> list[str]:
    return [label.text() for label in view.changes.findChildren(QLabel)]


def test_ancestors_and_descendants_are_drawn(view: LineageView, family: Family) -> None:
    assert view.tree is not None
    columns = {key: node.column for key, node in view.tree.nodes.items()}
    assert columns[family.first.id] == -1
    assert columns[STRANGER] == -2
    assert {columns[entry.id] for entry in family.grandchildren[:6]} == {1}
    assert family.son.id not in columns
    assert view.header.title.texts == ("picture 3", "made of 2 pictures  \u00b7  8 made of it")
    assert view.current == family.daughter.id


def test_words_of_lines_that_meet_do_not_cover_each_other(
    open_view: Callable[..., LineageView], family: Family, disk: Background, qtbot: QtBot
) -> None:
    added: list[None] = []
    disk.run(lambda: family.add_cousins(4), added.append)
    qtbot.waitUntil(lambda: bool(added))
    view = open_view(family.first)
    words = [item for item in view.canvas.scene().items() if isinstance(item, WordsItem)]
    assert len(words) > 8
    areas = [item.sceneBoundingRect() for item in words]
    assert not any(one.intersects(other) for one, other in combinations(areas, 2))


def test_what_changed_is_listed(view: LineageView) -> None:
    assert words_in(view) == [
        *("Inpaint", "Only where a mask allowed it"),
        *("Prompt", "Before", "picture 1", "After", "picture 3", "Seed", "Before", "1", "After", "3"),
    ]


def test_a_click_on_words_lists_what_changed_there(view: LineageView, family: Family) -> None:
    child = family.grandchildren[1]
    QTest.mouseClick(view.canvas.viewport(), LEFT, pos=view.canvas.words_of(family.daughter.id, child.id))
    assert words_in(view)[0] == "Image to image"
    assert words_in(view)[-1] == str(child.seed)


def test_a_click_goes_there(view: LineageView, family: Family, qtbot: QtBot) -> None:
    QTest.mouseClick(view.canvas.viewport(), LEFT, pos=view.canvas.place_of(family.first.id))
    qtbot.waitUntil(lambda: view.tree is not None and view.tree.focus == family.first.id)
    assert view.tree is not None
    assert family.son.id in view.tree.nodes
    middle = view.canvas.viewport().rect().center()
    assert (view.canvas.place_of(family.first.id) - middle).manhattanLength() < view.canvas.width()


def test_a_double_click_opens_what_was_clicked(view: LineageView, family: Family, qtbot: QtBot) -> None:
    at = view.canvas.place_of(family.first.id)
    opened: list[Entry] = []
    view.entry_chosen.connect(opened.append)
    QTest.mouseClick(view.canvas.viewport(), LEFT, pos=at)
    # The tree is another one before the second click comes.
    qtbot.waitUntil(lambda: view.tree is not None and view.tree.focus == family.first.id)
    QTest.mouseDClick(view.canvas.viewport(), LEFT, pos=at)
    assert [entry.id for entry in opened] == [family.first.id]


def test_keys_walk_and_open(view: LineageView, family: Family, qtbot: QtBot) -> None:
    press(view, KEY.Key_Right)
    assert view.current in {entry.id for entry in family.grandchildren}
    before = view.current
    press(view, KEY.Key_Up)
    assert view.current != before
    press(view, KEY.Key_Left, KEY.Key_Left)
    assert view.current == family.first.id
    with qtbot.waitSignal(view.entry_chosen) as chosen:
        press(view, KEY.Key_Return)
    assert chosen.args is not None
    assert chosen.args[0].id == family.first.id
    press(view, KEY.Key_Left)
    assert words_in(view) == ["A picture that is not in the history"]
    press(view, KEY.Key_Right, KEY.Key_Space)
    qtbot.waitUntil(lambda: view.tree is not None and view.tree.focus == family.first.id)


def test_what_is_left_out_is_shown_when_asked_for(view: LineageView, family: Family) -> None:
    rest = f"below {family.daughter.id}"
    assert view.tree is not None
    assert view.tree.nodes[rest].left_out == 2
    QTest.mouseClick(view.canvas.viewport(), LEFT, pos=view.canvas.place_of(rest))
    assert {entry.id for entry in family.grandchildren} <= view.tree.nodes.keys()
    assert rest not in view.tree.nodes
    assert view.current == family.daughter.id


def test_a_parent_that_is_not_in_the_history_says_so(open_view: Callable[..., LineageView], family: Family) -> None:
    view = open_view(family.first)
    assert words_in(view)[0] == "Import"
    assert "not in the history" in words_in(view)[1]
    assert not button(view, "Compare").isEnabled()


@pytest.mark.parametrize(
    ("is_told", "is_painted_over", "words", "figures"),
    [
        (True, False, "It was painted from its prompt alone", "made of no other picture"),
        (True, True, "It was painted from another picture", "what it was made of is not known"),
        (False, False, "Its file does not say", "what it was made of is not known"),
    ],
)
def test_a_beginning_says_what_is_known_of_it(
    view: LineageView, family: Family, is_told: bool, is_painted_over: bool, words: str, figures: str
) -> None:
    said = family.first.metadata
    assert said is not None
    over = said.model_copy(update={"image_sha256": STRANGER if is_painted_over else None})
    alone = lineage_of(1, [], {1: replace(family.first, id=1, metadata=over if is_told else None)})
    view.show_lineage(alone)
    assert words_in(view)[1].startswith(words)
    assert view.header.title.texts[1].startswith(figures)


def test_both_pictures_of_a_line_are_compared(view: LineageView, family: Family, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.compare_wanted) as asked:
        click(button(view, "Compare"))
    assert asked.args is not None
    assert [entry.id for entry in asked.args] == [family.first.id, family.daughter.id]


def test_the_wheel_zooms_around_the_pointer_and_dragging_moves(view: LineageView, family: Family) -> None:
    canvas = view.canvas
    at = canvas.place_of(family.daughter.id)
    far = canvas.place_of(family.first.id)
    wheel(canvas.viewport(), at, -2)
    assert (canvas.place_of(family.daughter.id) - at).manhattanLength() <= 3
    assert (canvas.place_of(family.first.id) - at).x() > (far - at).x()
    before = canvas.place_of(family.first.id)
    QTest.mousePress(canvas.viewport(), LEFT, pos=QPoint(20, 20))
    QTest.mouseMove(canvas.viewport(), QPoint(80, 50))
    QTest.mouseRelease(canvas.viewport(), LEFT, pos=QPoint(80, 50))
    assert canvas.place_of(family.first.id) - before == QPoint(60, 30)


def test_a_picture_that_is_gone_is_said_to_be(view: LineageView, qtbot: QtBot) -> None:
    view.show_entry(4711)
    qtbot.waitUntil(lambda: view.header.title.texts[0] == "The picture is not in the history any more")
    press(view, KEY.Key_Right, KEY.Key_Return, KEY.Key_Space, KEY.Key_0)


def test_what_changed_steps_aside_in_a_narrow_window(open_view: Callable[..., LineageView], family: Family) -> None:
    view = open_view(family.daughter, 600)
    assert not view.changes.isVisible()
    press(view, KEY.Key_I)
    assert view.changes.isVisible()


def test_escape_goes_back(view: LineageView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.closed):
        press(view, KEY.Key_Escape)
