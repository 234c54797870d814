"""What is known of pictures is shown, can be used at one click each, and can be added to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from studio.bridge.entry_pictures import EntryPictures
from studio.bridge.surroundings import SurroundingsReader
from studio.domain.dialect import Dialect
from studio.domain.found_settings import FoundSettings
from studio.domain.geometry import Size
from studio.domain.lineage import EdgeKind, Parent
from studio.domain.settings_part import SettingsPart
from studio.services.history import History
from studio.services.thumbnails import Thumbnails
from studio.ui.gallery.details import DetailsPanel
from studio.ui.gallery.details_facts import bytes_in_words, shared_rows
from tests.bridge.requests import image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS
from tests.ui.looking import show
from tests.ui.person import button, click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from studio.bridge.background import Background
    from studio.services.history_entry import Entry


class Kept:
    """A history of one picture, and one that it was made of; others are made of it when they are wanted."""

    def __init__(self, folder: Path) -> None:
        self.history = History(folder / "history.sqlite3", folder / "pictures")
        self.parent = self._add(1)
        self.entry = self._add(2, self.parent)
        self.board = self.history.boards.create("Foxes")
        self.other = self.history.boards.create("To print")
        self.history.boards.put(self.board.id, [self.entry.id])

    def add_children(self, count: int) -> list[Entry]:
        """Make pictures of the picture."""
        return [self._add(3 + number, self.entry) for number in range(count)]

    def _add(self, seed: int, *parents: Entry) -> Entry:
        made = tuple(Parent(one.picture_sha256, EdgeKind.VARIATION) for one in parents)
        request = replace(text_request(f"picture {seed}", seed=seed), parents=made, negative_prompt="blurry")
        return self.history.add(request, image_of(request), CONDITIONS, minutes_past_noon(seed), seconds=1.5)


@pytest.fixture
def kept(disk: Background, tmp_path: Path, qtbot: QtBot) -> Iterator[Kept]:
    made: list[Kept] = []
    disk.run(lambda: Kept(tmp_path), made.append)
    qtbot.waitUntil(lambda: bool(made))
    yield made[0]
    disk.run(made[0].history.close)


@pytest.fixture
def panel(app: QApplication, disk: Background, kept: Kept, tmp_path: Path, qtbot: QtBot) -> DetailsPanel:
    """Details of the picture, and of all that is around it."""
    assert app
    pictures = EntryPictures(Thumbnails(tmp_path / "thumbnails"), disk)
    panel = DetailsPanel(pictures, SurroundingsReader(disk, lambda: kept.history))
    show(panel, qtbot, 304, 900)
    panel.show_boards((kept.board, kept.other))
    panel.show_entries([kept.entry])
    qtbot.waitUntil(lambda: panel.boards.chips.words == ("Foxes",))
    return panel


def texts(panel: DetailsPanel) -> set[str]:
    return {label.text() for label in panel.findChildren(QLabel) if label.isVisible()}


# --- one picture


def test_all_settings_are_shown(panel: DetailsPanel) -> None:
    assert panel.one.prompt.text == "picture 2"
    assert panel.one.negative_prompt.text == "blurry"
    assert panel.one.settings.rows == {
        "Model": "starter",
        "Size": "64 \u00d7 32",
        "Steps": "3",
        "Guidance scale": "5",
        "Seed": "2",
    }
    assert {"Seed", "2", "Made of"} <= texts(panel)
    assert "Used for" not in texts(panel)


def test_what_is_folded_away_can_be_unfolded(panel: DetailsPanel, kept: Kept, qtbot: QtBot) -> None:
    assert "Pixels' hash" not in texts(panel)
    click(button(panel, "How it was computed"))
    computing = panel.more.computing.rows
    assert computing["Device"] == CONDITIONS.device
    assert computing["Took"] == "1.5 s"
    assert computing["Pixels' hash"] == kept.entry.picture_sha256
    click(button(panel, "File"))
    assert panel.more.file.rows["Name"] == kept.entry.path.name
    assert panel.more.file.rows["File size"] == bytes_in_words(kept.entry.path.stat().st_size)
    qtbot.waitUntil(lambda: {"Pixels' hash", kept.entry.path.name} & texts(panel) != set())


def test_a_hash_is_broken_into_lines_and_stays_one_word(panel: DetailsPanel, kept: Kept, qtbot: QtBot) -> None:
    click(button(panel, "How it was computed"))
    found = [edit for edit in panel.findChildren(QPlainTextEdit) if edit.toPlainText() == kept.entry.picture_sha256]
    assert len(found) == 1
    edit = found[0]
    lines = edit.document().size().height
    qtbot.waitUntil(lambda: lines() > 1)
    assert edit.blockBoundingGeometry(edit.firstVisibleBlock()).width() <= edit.viewport().width()
    assert lines() * edit.fontMetrics().lineSpacing() <= edit.height()


@pytest.mark.parametrize("part", SettingsPart)
def test_settings_are_taken_over_at_one_click(
    panel: DetailsPanel, kept: Kept, part: SettingsPart, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(panel.settings_wanted) as wanted:
        click(button(panel, part.title))
    assert wanted.args == [kept.entry.found, part]


def test_the_settings_are_copied_as_a1111_text(panel: DetailsPanel, kept: Kept, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.said):
        click(button(panel, "Copy as A1111 text"))
    assert kept.entry.metadata is not None
    assert QGuiApplication.clipboard().text() == kept.entry.metadata.to_parameters()


def test_folder_lineage_and_replay_are_asked_for(panel: DetailsPanel, kept: Kept, qtbot: QtBot) -> None:
    asked = {"Open folder": panel.folder_wanted, "Lineage": panel.lineage_wanted, "Replay": panel.replay_wanted}
    for name, signal in asked.items():
        with qtbot.waitSignal(signal) as told:
            click(button(panel, name))
        assert told.args == [kept.entry]


def test_the_last_verdict_stays_with_its_picture(panel: DetailsPanel, kept: Kept) -> None:
    panel.show_verdict(kept.entry.id, "Identical to the last bit.")
    assert "Replay: Identical to the last bit." in texts(panel)
    panel.show_entries([kept.parent])
    assert not panel.one.verdict.isVisible()
    panel.show_verdict(kept.entry.id, "Close, 45.0 dB PSNR.")
    panel.show_entries([kept.entry])
    assert "Replay: Close, 45.0 dB PSNR." in texts(panel)


def test_parents_and_children_lead_there(panel: DetailsPanel, kept: Kept, disk: Background, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.entry_wanted) as wanted:
        click(button(panel, "Variation: picture 1"))
    assert wanted.args == [kept.parent.id]
    children: list[Entry] = []
    disk.run(lambda: kept.add_children(6), children.extend)
    panel.show_entries([kept.entry])
    qtbot.waitUntil(lambda: "Used for" in texts(panel))
    with qtbot.waitSignal(panel.entry_wanted) as wanted:
        click(button(panel, "Variation: picture 4"))
    assert wanted.args == [children[1].id]
    with qtbot.waitSignal(panel.lineage_wanted):
        click(button(panel, "2 more"))


def test_a_picture_of_another_program_says_less_and_can_be_used_all_the_same(
    panel: DetailsPanel, kept: Kept, qtbot: QtBot
) -> None:
    found = FoundSettings(prompt="a fox", seed=7, dialect=Dialect.COMFYUI)
    foreign = replace(kept.entry, id=99, found=found, metadata=None, is_imported=True)
    panel.show_entries([foreign])
    assert panel.one.settings.rows == {"Size": "64 \u00d7 32", "Seed": "7"}
    assert panel.more.file.rows["Written by"] == "ComfyUI"
    assert not panel.one.negative_prompt.isVisible()
    with qtbot.waitSignal(panel.settings_wanted) as wanted:
        click(button(panel, "Size only"))
    assert wanted.args == [replace(found, size=Size(64, 32)), SettingsPart.SIZE]
    click(button(panel, "Copy as A1111 text"))
    assert QGuiApplication.clipboard().text() == "a fox\nSeed: 7"


def test_a_picture_that_says_nothing_offers_nothing(panel: DetailsPanel, kept: Kept) -> None:
    mute = replace(kept.entry, id=99, found=FoundSettings(prompt=""), metadata=None)
    panel.show_entries([mute])
    enabled = {part: button(panel, part.title).isEnabled() for part in SettingsPart}
    assert enabled == {
        SettingsPart.ALL: False,
        SettingsPart.PROMPT: False,
        SettingsPart.SEED: False,
        SettingsPart.SIZE: True,
    }
    assert not button(panel, "Replay").isEnabled()


def test_a_long_prompt_scrolls_and_is_whole(panel: DetailsPanel, kept: Kept) -> None:
    words = "masterpiece, best quality, " * 4000
    panel.show_entries([replace(kept.entry, found=replace(kept.entry.found, prompt=words))])
    assert panel.one.prompt.text == words
    assert panel.one.prompt.height() < 200


# --- what the user says of it


def test_a_star_is_asked_for_and_shown_once_the_history_has_it(panel: DetailsPanel, kept: Kept, qtbot: QtBot) -> None:
    star = button(panel, "Star")
    with qtbot.waitSignal(panel.star_wanted) as wanted:
        click(star)
    assert wanted.args == [(kept.entry.id,), True]
    assert not star.isChecked()
    panel.show_entries([replace(kept.entry, is_starred=True)])
    assert star.isChecked()


def test_tags_are_added_and_taken_away(panel: DetailsPanel, kept: Kept) -> None:
    changes: list[tuple[object, ...]] = []
    panel.tags_changed.connect(lambda *change: changes.append(change))
    panel.show_entries([replace(kept.entry, tags=("fox", "night"))])
    QTest.keyClicks(panel.tags.field, "snow, to-print")
    QTest.keyClick(panel.tags.field, Qt.Key.Key_Return)
    click(button(panel, "Take the tag night away"))
    assert changes == [((kept.entry.id,), ("snow", "to-print"), ()), ((kept.entry.id,), (), ("night",))]
    assert panel.tags.field.text() == ""


def test_known_tags_are_offered(panel: DetailsPanel, kept: Kept, qtbot: QtBot) -> None:
    panel.show_known_tags(("Night", "fox", "nice", "to-print"))
    panel.show_entries([replace(kept.entry, tags=("nice",))])
    QTest.keyClicks(panel.tags.field, "snow ni")
    assert panel.tags.offers.words == ("Night",)
    with qtbot.waitSignal(panel.tags_changed) as changed:
        click(button(panel, "Add the tag Night"))
    assert changed.args == [(kept.entry.id,), ("snow", "Night"), ()]
    assert panel.tags.offers.words == ()
    assert panel.tags.field.hasFocus()


def test_boards_are_shown_offered_and_left(panel: DetailsPanel, kept: Kept, qtbot: QtBot) -> None:
    menu = panel.boards.menu()
    assert [action.text() for action in menu.actions()] == ["To print", "", "New board\u2026"]
    with qtbot.waitSignal(panel.board_put) as put:
        menu.actions()[0].trigger()
    assert put.args == [kept.other.id, (kept.entry.id,)]
    with qtbot.waitSignal(panel.board_taken) as taken:
        click(button(panel, "Take it off the board Foxes"))
    assert taken.args == [kept.board.id, (kept.entry.id,)]
    menu.actions()[-1].trigger()
    QTest.keyClicks(panel.boards.field, "Owls")
    with qtbot.waitSignal(panel.board_made) as made:
        QTest.keyClick(panel.boards.field, Qt.Key.Key_Return)
    assert made.args == ["Owls", (kept.entry.id,)]


def test_a_note_is_kept_when_the_keyboard_leaves_it(panel: DetailsPanel, kept: Kept) -> None:
    notes: list[tuple[int, str]] = []
    panel.note_written.connect(lambda number, text: notes.append((number, text)))
    panel.note.edit.setFocus()
    QTest.keyClicks(panel.note.edit, "good one")
    assert notes == []
    panel.tags.field.setFocus()
    assert notes == [(kept.entry.id, "good one")]
    panel.note.edit.setFocus()
    QTest.keyClicks(panel.note.edit, "!")
    QTest.keyClick(panel.note.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(notes) == 2


def test_a_note_goes_to_its_own_picture_when_another_one_is_selected(panel: DetailsPanel, kept: Kept) -> None:
    notes: list[tuple[int, str]] = []
    panel.note_written.connect(lambda number, text: notes.append((number, text)))
    panel.note.edit.setFocus()
    QTest.keyClicks(panel.note.edit, "mine")
    panel.show_entries([replace(kept.parent, note="the first one")])
    assert notes == [(kept.entry.id, "mine")]
    assert panel.note.edit.toPlainText() == "the first one"


def test_a_note_that_is_being_written_is_not_overwritten(panel: DetailsPanel, kept: Kept) -> None:
    panel.note.edit.setFocus()
    QTest.keyClicks(panel.note.edit, "half a sen")
    panel.show_entries([replace(kept.entry, is_starred=True)])
    assert panel.note.edit.toPlainText() == "half a sen"


# --- several, and none


def test_several_show_what_they_share(panel: DetailsPanel, kept: Kept) -> None:
    one, other = replace(kept.entry, tags=("fox", "snow"), is_starred=True), replace(kept.parent, tags=("fox",))
    panel.show_entries([one, other])
    assert "2 pictures" in texts(panel)
    rows = panel.several.rows
    assert (rows["Model"], rows["Seed"], rows["Prompt"]) == ("starter", "2 different", "2 different")
    assert rows["With a star"] == "1 of 2"
    assert panel.tags.chips.words == ("fox",)
    assert not panel.note.isVisible()
    assert not panel.one.isVisible()
    changes: list[tuple[object, ...]] = []
    panel.tags_changed.connect(lambda *change: changes.append(change))
    click(button(panel, "Take the tag fox away"))
    assert changes == [((one.id, other.id), (), ("fox",))]


def test_where_more_are_selected_nothing_is_offered_that_would_leave_them_out(panel: DetailsPanel, kept: Kept) -> None:
    for entries in ([kept.entry], [kept.entry, kept.parent], []):
        panel.show_entries(entries, others=100_000)
        (said,) = texts(panel)
        assert said.startswith(f"{100_000 + len(entries):,} pictures")
        assert not any(
            widget.isVisible() for widget in (panel.one, panel.several, panel.tags, panel.boards, panel.note)
        )
    panel.show_entries([kept.entry])
    assert panel.one.isVisible()


def test_days_of_several_are_a_span(kept: Kept) -> None:
    assert shared_rows([kept.entry, replace(kept.parent, day="2026-11-02")])["Created"] == "2026-11-02 to 2026-11-23"


def test_what_is_hidden_is_not_worked_at_until_it_is_seen(panel: DetailsPanel, kept: Kept) -> None:
    panel.hide()
    panel.show_entries([kept.parent])
    assert panel.entries == (kept.parent,)
    assert panel.one.prompt.text == "picture 2"
    panel.show()
    assert panel.one.prompt.text == "picture 1"


def test_nothing_selected_says_what_to_do(panel: DetailsPanel) -> None:
    panel.show_entries([])
    assert texts(panel) == {"Select a picture to see how it was painted"}


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KiB"), (1 << 21, "2.0 MiB")]
)
def test_sizes_are_said_in_words(size: int, words: str) -> None:
    assert bytes_in_words(size) == words


def test_boards_that_several_pictures_are_on_are_shown(
    panel: DetailsPanel, disk: Background, kept: Kept, qtbot: QtBot
) -> None:
    others = kept.other.id, [kept.entry.id, kept.parent.id]
    disk.run(lambda: kept.history.boards.put(*others))
    panel.show_entries((kept.entry, kept.parent))
    qtbot.waitUntil(lambda: panel.boards.chips.words == ("To print",))
    panel.show_entries((kept.entry,))
    qtbot.waitUntil(lambda: panel.boards.chips.words == ("Foxes", "To print"))
