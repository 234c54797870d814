"""What is written is signed as the settings want it, and is written all the same where it cannot be."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from studio.domain.disclosure import UNKNOWN, Disclosure, ExportPrivacy
from studio.domain.lineage import EdgeKind, Parent
from studio.domain.metadata import Metadata
from studio.domain.picture_kind import PictureKind
from studio.domain.request import Task
from studio.domain.settings import Settings
from studio.domain.source_type import SourceType
from studio.services.content_credentials import read, sign
from studio.services.credentials_manifest import ManifestRequest, Relation
from studio.services.credentials_report import CredentialsState
from studio.services.credentials_seal import CredentialsSeal, export_seal, history_seal, manifest_request
from studio.services.export import FileOptions, export_picture, picture_file
from studio.services.history import History
from studio.services.paths import Paths
from studio.services.picture_copies import copied
from studio.services.picture_import import ImportedPicture, import_picture
from studio.services.pictures import png_texts
from studio.services.provenance import Provenance
from studio.services.sealing import unsealed
from studio.services.signed_sources import SignedSources
from studio.services.signing_identity import own_identity
from tests.services.test_pictures import PICTURE, described

if TYPE_CHECKING:
    from pathlib import Path

    from studio.services.sealing import Seal
    from studio.services.signing_identity import SigningIdentity

OPAQUE = np.dstack([PICTURE.pixels, np.full(PICTURE.pixels.shape[:2], 255, np.uint8)])
PAINTED = Disclosure.of(described("a secret fox"))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.of_user({"SFUMATO_HOME": str(tmp_path / "home")})


def provenance_of(paths: Paths) -> Provenance:
    return Provenance(paths.database, paths.pictures)


def sealing(paths: Paths, settings: Settings | None = None) -> Seal:
    return export_seal(settings or Settings(), paths, provenance_of(paths))


def exported(paths: Paths, kind: PictureKind, disclosure: Disclosure) -> bytes:
    sealed = picture_file(OPAQUE, kind, disclosure, FileOptions(seal=sealing(paths)))
    assert sealed.notes == ()
    return sealed.content


def painted(*parents: Parent, task: Task = Task.IMAGE_TO_IMAGE, **values: str) -> Disclosure:
    """Return what is known of a picture that was painted from others."""
    metadata = described().model_copy(update={"task": task, "parents": parents, **values})
    return Disclosure.of(Metadata.model_validate(metadata.model_dump()))


def foreign(tmp_path: Path) -> tuple[Path, ImportedPicture]:
    """Return a signed photo of somebody else."""
    path = tmp_path / "photo.jpg"
    buffer = io.BytesIO()
    Image.fromarray(PICTURE.pixels[::-1]).save(buffer, "JPEG")
    request = ManifestRequest(source_type=None)
    path.write_bytes(sign(buffer.getvalue(), PictureKind.JPEG, request, own_identity(tmp_path / "theirs")))
    return path, import_picture(path)


@pytest.mark.parametrize("kind", PictureKind)
def test_an_export_is_signed_after_everything_else_is_written(kind: PictureKind, paths: Paths, tmp_path: Path) -> None:
    path = tmp_path / f"fox{kind.suffixes[0]}"
    path.write_bytes(exported(paths, kind, PAINTED))
    assert png_texts(path)["parameters"].startswith("a secret fox")
    report = read(path)
    assert (report.state, report.is_self_issued) == (CredentialsState.UNVERIFIED, True)
    assert ([one.name for one in report.actions], report.model) == (["created"], "starter")
    assert report.source_type == SourceType.GENERATED.value


def test_the_credentials_never_hold_the_prompt(paths: Paths) -> None:
    told = Disclosure.of(described("a secret fox"), ExportPrivacy.PROVENANCE)
    content = exported(paths, PictureKind.PNG, told)
    assert b"secret" not in content
    assert read(content).model == "starter"
    assert [one.when for one in read(content).actions] == [""]
    assert all(one.when for one in read(exported(paths, PictureKind.PNG, PAINTED)).actions)


def test_what_tells_nothing_private_is_not_signed(paths: Paths) -> None:
    content = exported(paths, PictureKind.PNG, Disclosure.of(described(), ExportPrivacy.NOTHING))
    assert read(content).state is CredentialsState.ABSENT
    assert not paths.signing.exists()


def test_the_settings_decide(paths: Paths) -> None:
    asked = provenance_of(paths)
    assert export_seal(Settings(sign_exports=False), paths, asked) is unsealed
    assert history_seal(Settings(), paths, asked) is unsealed
    content = picture_file(OPAQUE, PictureKind.PNG).content
    sealed = history_seal(Settings(sign_history=True), paths, asked)(content, PictureKind.PNG, PAINTED)
    assert read(sealed.content).state is CredentialsState.UNVERIFIED


def test_a_picture_that_cannot_be_signed_is_written_and_said_to_be_unsigned(paths: Paths, tmp_path: Path) -> None:
    seal = sealing(paths, Settings(signing_certificate=str(tmp_path / "gone.pem")))
    notes = export_picture(tmp_path / "fox.png", OPAQUE, PAINTED, FileOptions(seal=seal))
    assert len(notes) == 1
    assert notes[0].startswith("The picture was saved, but it is unsigned. ")
    assert "gone.pem" in notes[0]
    assert read(tmp_path / "fox.png").state is CredentialsState.ABSENT
    assert np.array_equal(import_picture(tmp_path / "fox.png").pixels, OPAQUE)


@pytest.mark.parametrize("error", [ImportError("no cryptography"), OSError("the disk"), RuntimeError("a bug")])
def test_whatever_signing_fails_at_the_picture_is_not_lost(error: Exception, tmp_path: Path) -> None:
    def failing() -> SigningIdentity:
        raise error

    seal = CredentialsSeal(failing, lambda _: None)
    (note,) = export_picture(tmp_path / "fox.png", OPAQUE, PAINTED, FileOptions(seal=seal))
    assert note.startswith("The picture was saved, but it is unsigned. ")
    assert str(error) in note
    assert np.array_equal(import_picture(tmp_path / "fox.png").pixels, OPAQUE)


def test_a_picture_painted_from_one_of_the_history_carries_what_that_one_says(paths: Paths) -> None:
    content = picture_file(OPAQUE, PictureKind.PNG, PAINTED, FileOptions(seal=sealing(paths))).content
    history = History(paths.database, paths.pictures)
    entry = history.add_import(content, "before.png")
    history.close()
    told = painted(Parent(entry.picture_sha256, EdgeKind.INPAINT), image_sha256="1" * 64)
    report = read(exported(paths, PictureKind.WEBP, told))
    assert [one.name for one in report.actions] == ["opened", "edited"]
    assert [(one.relation, one.has_credentials, one.reasons) for one in report.ingredients] == [
        (Relation.PARENT, True, ())
    ]
    assert report.source_type == SourceType.GENERATED.value


@pytest.mark.parametrize(
    ("told", "relations"),
    [
        (painted(task=Task.TEXT_TO_IMAGE), []),
        (painted(Parent("1" * 64, EdgeKind.VARIATION), task=Task.TEXT_TO_IMAGE), [Relation.INPUT]),
        (painted(image_sha256="1" * 64), [Relation.PARENT]),
        (painted(Parent("1" * 64, EdgeKind.OUTPAINT)), [Relation.PARENT]),
        (
            painted(Parent("1" * 64, EdgeKind.VARIATION), Parent("2" * 64, EdgeKind.INPAINT)),
            [Relation.PARENT, Relation.INPUT],
        ),
        (
            painted(Parent("1" * 64, EdgeKind.INPAINT), Parent("2" * 64, EdgeKind.INPAINT)),
            [Relation.COMPONENT, Relation.COMPONENT],
        ),
        (UNKNOWN, [Relation.PARENT]),
        (replace(UNKNOWN, source_type=SourceType.BY_HAND), []),
        (replace(UNKNOWN, pictures=("1" * 64,)), [Relation.PARENT]),
        (replace(UNKNOWN, pictures=("1" * 64, "2" * 64)), [Relation.COMPONENT, Relation.COMPONENT]),
    ],
)
def test_parents_are_named_by_what_they_are_to_it(told: Disclosure, relations: list[Relation], paths: Paths) -> None:
    request = manifest_request(told, lambda _: None)
    assert [one.relation for one in request.ingredients] == relations
    report = read(exported(paths, PictureKind.PNG, told))
    assert report.state is CredentialsState.UNVERIFIED
    assert sorted(one.relation.value for one in report.ingredients if one.relation) == sorted(
        one.value for one in relations
    )


def test_an_edited_photo_keeps_its_credentials_though_its_file_is_gone(paths: Paths, tmp_path: Path) -> None:
    path, photo = foreign(tmp_path)
    signed = SignedSources(paths.signed_sources)
    assert signed.keep(path, photo)
    path.unlink()
    told = replace(UNKNOWN, pictures=(photo.origin.sha256,))
    report = read(exported(paths, PictureKind.JPEG, told))
    assert [one.name for one in report.actions] == ["opened", "edited"]
    assert [(one.has_credentials, one.reasons) for one in report.ingredients] == [(True, ())]


def test_a_copy_of_a_signed_import_that_tells_less_carries_its_credentials_on(paths: Paths, tmp_path: Path) -> None:
    path, _ = foreign(tmp_path)
    history = History(paths.database, paths.pictures)
    entry = history.add_import(path)
    history.close()
    assert copied(entry, ExportPrivacy.FULL).content == path.read_bytes()
    report = read(copied(entry, ExportPrivacy.PROVENANCE, sealing(paths)).content)
    assert report.state is CredentialsState.UNVERIFIED
    assert [(one.relation, one.has_credentials, one.reasons) for one in report.ingredients] == [
        (Relation.PARENT, True, ())
    ]
    assert read(copied(entry, ExportPrivacy.NOTHING, sealing(paths)).content).state is CredentialsState.ABSENT


def test_files_with_credentials_are_kept_as_they_came_and_others_are_not(paths: Paths, tmp_path: Path) -> None:
    path, photo = foreign(tmp_path)
    signed = SignedSources(paths.signed_sources)
    assert signed.path(photo.origin.sha256) is None
    assert signed.keep(path.read_bytes(), photo)
    assert signed.keep(path, photo)
    kept = signed.path(photo.origin.sha256)
    assert kept is not None
    assert (kept.suffix, kept.read_bytes()) == (".jpeg", path.read_bytes())
    plain = tmp_path / "plain.png"
    Image.fromarray(PICTURE.pixels).save(plain)
    assert not signed.keep(plain, import_picture(plain))
    assert signed.path("../../x") is None


def test_what_cannot_be_kept_costs_nothing_else(paths: Paths, tmp_path: Path) -> None:
    path, photo = foreign(tmp_path)
    paths.sources.mkdir(parents=True)
    paths.signed_sources.write_text("in the way")
    assert not SignedSources(paths.signed_sources).keep(path, photo)
