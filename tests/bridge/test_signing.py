"""The history's pictures are signed where the settings want it, and signed pictures from outside stay signed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from studio.bridge.document_keeper import ExportSettings
from studio.bridge.dropped import Files
from studio.domain.picture_kind import PictureKind
from studio.domain.settings import Settings
from studio.domain.source_type import SourceType
from studio.services.content_credentials import read, sign
from studio.services.credentials_manifest import ManifestRequest, Relation
from studio.services.credentials_presence import has_credentials
from studio.services.credentials_report import CredentialsState
from studio.services.credentials_seal import export_seal
from studio.services.export import FileOptions
from studio.services.pictures import read_picture
from studio.services.settings_store import SettingsStore
from studio.services.signing_identity import own_certificates, own_identity
from tests.bridge.requests import image_of, text_request
from tests.bridge.test_session import paint
from tests.fakes import ScriptedEngine

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session
    from studio.services.paths import Paths
    from tests.bridge.conftest import Open


def test_a_painted_picture_is_not_signed_unless_the_settings_want_it(qtbot: QtBot, session: Session) -> None:
    assert not has_credentials(paint(qtbot, session).path)
    session.update_settings(sign_history=True)
    request = text_request(seed=7)
    entry = paint(qtbot, session, request)
    report = read(entry.path, own_certificates(session.paths.signing))
    assert (report.state, report.source_type) == (CredentialsState.OWN, SourceType.GENERATED.value)
    assert report.model == request.model.id
    assert read_picture(entry.path) == image_of(request).picture


def test_the_history_finds_its_signed_pictures_again(qtbot: QtBot, opened: Open, paths: Paths) -> None:
    SettingsStore(paths.settings).save(Settings(sign_history=True))
    first = opened(ScriptedEngine)
    first.start()
    entry = paint(qtbot, first)
    first.close()
    for part in paths.database.parent.glob("history.sqlite3*"):
        part.unlink()
    second = opened(ScriptedEngine)
    second.start()
    qtbot.waitUntil(lambda: second.history_model.rowCount() == 1)
    assert second.history_model.entries[0].metadata == entry.metadata


def test_a_picture_that_cannot_be_signed_is_kept_and_said_to_be_unsigned(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    session.update_settings(sign_history=True, signing_certificate=str(tmp_path / "gone.pem"))
    with qtbot.waitSignal(session.troubled) as troubled:
        entry = paint(qtbot, session)
    assert troubled.args is not None
    assert str(troubled.args[0]).startswith("The picture was saved, but it is unsigned. ")
    assert not has_credentials(entry.path)
    assert session.unsaved == 0


def photo(folder: Path) -> Path:
    """Return the file of somebody else's signed photo."""
    folder.mkdir()
    path = folder / "photo.jpg"
    buffer = io.BytesIO()
    Image.fromarray(np.arange(48 * 32 * 3, dtype=np.uint8).reshape(32, 48, 3)).save(buffer, "JPEG")
    path.write_bytes(sign(buffer.getvalue(), PictureKind.JPEG, ManifestRequest(source_type=None), own_identity(folder)))
    return path


def exported(qtbot: QtBot, session: Session, path: Path) -> None:
    """Export the canvas as the settings want it."""
    seal = export_seal(session.settings, session.paths, session.provenance)
    with qtbot.waitSignal(session.documents.exported) as done:
        session.documents.export(path, ExportSettings(options=FileOptions(seal=seal), provenance=session.provenance))
    assert done.args == [path, ()]


def test_a_signed_photo_that_was_opened_goes_on_in_the_export(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    path = photo(tmp_path / "photos")
    with qtbot.waitSignal(session.documents.opened):
        session.documents.open(path)
    path.unlink()
    exported(qtbot, session, tmp_path / "again.png")
    report = read(tmp_path / "again.png")
    assert report.state is CredentialsState.UNVERIFIED
    assert [(one.relation, one.has_credentials, one.reasons) for one in report.ingredients] == [
        (Relation.PARENT, True, ())
    ]
    assert (report.source_type, report.model) == ("", "")


def test_a_signed_photo_that_was_dropped_is_kept(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    path = photo(tmp_path / "photos")
    with qtbot.waitSignal(session.arrivals.arrived) as arrived:
        session.arrivals.take(Files((path,)), None)
    assert arrived.args is not None
    picture = arrived.args[1][0]
    kept = session.paths.signed_sources / picture.origin.sha256[:2] / f"{picture.origin.sha256}.jpeg"
    assert kept.read_bytes() == path.read_bytes()
