"""What is set once: every row stands for a setting, holds at once, and says what is wrong with a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.domain.settings import Settings
from studio.ui.settings import Preferences
from studio.ui.settings.rows import SECTIONS
from studio.ui.widgets.number_field import NumberField
from studio.ui.widgets.toggle import Toggle
from tests.services.certificates import KEYS, NAME, in_files, issued, pem_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session


@pytest.fixture
def session(session_of: Callable[..., Session]) -> Session:
    return session_of()


@pytest.fixture
def preferences(session: Session, qtbot: QtBot) -> Iterator[Preferences]:
    assert qtbot
    window = QWidget()
    yield Preferences(session, window)
    window.deleteLater()


def write(preferences: Preferences, field: str, text: str) -> None:
    line = preferences.fields[field].findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setText(text)
    line.editingFinished.emit()


@pytest.mark.parametrize("field", [row.field for section in SECTIONS for row in section.rows])
def test_every_row_is_a_setting_with_a_title_and_help(field: str) -> None:
    info = Settings.model_fields[field]
    assert info.title
    assert info.description


def test_what_is_written_is_remembered(preferences: Preferences, session: Session) -> None:
    write(preferences, "file_name_template", "{date}-{seed}")
    assert session.settings.file_name_template == "{date}-{seed}"


def test_what_is_ticked_is_remembered(preferences: Preferences, session: Session) -> None:
    toggle = preferences.fields["sign_history"].findChild(Toggle)
    assert isinstance(toggle, Toggle)
    toggle.click()
    assert session.settings.sign_history


def test_a_number_stays_in_its_range(preferences: Preferences, session: Session) -> None:
    number = preferences.fields["undo_mib"].findChild(NumberField)
    assert isinstance(number, NumberField)
    number.set_value(4)
    assert session.settings.undo_mib == 16


def test_a_template_that_names_nothing_is_refused_in_words(preferences: Preferences, session: Session) -> None:
    before = session.settings.file_name_template
    write(preferences, "file_name_template", "{weather}")
    assert session.settings.file_name_template == before
    assert "{weather}" in preferences.fields["file_name_template"].note
    write(preferences, "file_name_template", "{seed}")
    assert preferences.fields["file_name_template"].note == Settings.model_fields["file_name_template"].description


def test_a_certificate_is_looked_at_as_soon_as_it_is_chosen(
    preferences: Preferences, tmp_path: Path, qtbot: QtBot
) -> None:
    key = KEYS["ES256"]()
    certificate, key_file = in_files(tmp_path, issued(key), pem_of(key))
    field = preferences.fields["signing_certificate"]
    write(preferences, "signing_certificate", str(certificate))
    qtbot.waitUntil(lambda: "key cannot be read" in field.note)
    write(preferences, "signing_key", str(key_file))
    qtbot.waitUntil(lambda: field.note.startswith(f"Pictures are signed by \u201c{NAME}\u201d."))
    write(preferences, "signing_certificate", str(tmp_path / "gone.pem"))
    qtbot.waitUntil(lambda: "gone.pem" in field.note)
    write(preferences, "signing_key", "")
    write(preferences, "signing_certificate", "")
    qtbot.waitUntil(lambda: field.note == Settings.model_fields["signing_certificate"].description)


def test_an_answer_that_comes_after_the_window_is_closed_is_nobodys(
    session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    window = QWidget()
    preferences = Preferences(session, window)
    write(preferences, "signing_certificate", str(tmp_path / "gone.pem"))
    window.deleteLater()
    with qtbot.waitSignal(window.destroyed):
        pass
    done: list[object] = []
    session.reader.run(lambda: None, done.append, done.append)
    qtbot.waitUntil(lambda: bool(done))
