"""Pictures are signed with the real library, checked with its own reader, and what was changed since is found."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from c2pa import Builder as LibraryBuilder
from c2pa import C2paError, C2paSigningAlg, Context, Reader, Signer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from studio.domain.errors import SigningFailed, UnreadablePicture
from studio.domain.picture_kind import PictureKind
from studio.domain.source_type import SourceType
from studio.services.content_credentials import read, sign
from studio.services.credentials_manifest import Ingredient, ManifestRequest, Relation
from studio.services.credentials_presence import has_credentials
from studio.services.credentials_reading import checked
from studio.services.credentials_report import CredentialsState, report_of
from studio.services.credentials_signing import signed
from studio.services.signing_certificates import signature
from studio.services.signing_identity import SigningIdentity, identity_from_files, own_identity
from tests.architecture.tree import ROOT
from tests.services.certificates import KEYS, NAME, in_files, issued, pem_of
from tests.web import Page, served

if TYPE_CHECKING:
    from pathlib import Path


GENERATED = ManifestRequest(source_type=SourceType.GENERATED, model="starter", model_hash="ab" * 32)
MODEL_CHANGED = "what the credentials say was changed after they were signed"
PIXELS_CHANGED = "the picture was changed after it was signed"


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> SigningIdentity:
    return own_identity(tmp_path_factory.mktemp("signing"))


@pytest.fixture
def photo(tmp_path: Path, identity: SigningIdentity) -> Path:
    """Return the file of a picture with credentials, as it may come from elsewhere."""
    path = tmp_path / "a secret red fox-42.jpg"
    path.write_bytes(sign(picture(PictureKind.JPEG), PictureKind.JPEG, GENERATED, identity))
    return path


def picture(kind: PictureKind, side: int = 32) -> bytes:
    """Return a picture's file, with noise for a picture: a change anywhere is one."""
    image = Image.frombytes("RGB", (side, side), bytes(i * i * 7 % 251 for i in range(3 * side * side)))
    buffer = io.BytesIO()
    image.save(buffer, kind.value)
    return buffer.getvalue()


def edited(*ingredients: Ingredient) -> ManifestRequest:
    return ManifestRequest(source_type=SourceType.COMPOSITE, model="starter", ingredients=ingredients)


def manifests(content: bytes) -> dict[str, Any]:
    """Return the manifest store, read by the library itself with its own settings."""
    with Context.from_dict({}) as context, Reader(None, io.BytesIO(content), context=context) as reader:
        return json.loads(reader.json())


def without(content: bytes, kind: PictureKind) -> bytes:
    """Return a file without its credentials, cut out by this function's own idea of the format."""
    match kind:
        case PictureKind.PNG:
            start = content.index(b"caBX") - 4
            return content[:start] + content[start + 12 + int.from_bytes(content[start : start + 4]) :]
        case PictureKind.JPEG:
            while (start := content.find(b"\xff\xeb")) >= 0:
                content = content[:start] + content[start + 2 + int.from_bytes(content[start + 2 : start + 4]) :]
            return content
        case PictureKind.WEBP:
            start = content.index(b"C2PA")
            assert start + 8 + int.from_bytes(content[start + 4 : start + 8], "little") <= len(content)
            return content[:start]


@pytest.mark.parametrize("kind", PictureKind)
def test_a_signed_picture_is_valid_and_says_how_it_came_to_be(kind: PictureKind, identity: SigningIdentity) -> None:
    content = sign(picture(kind), kind, GENERATED, identity)
    report = read(content)
    assert (report.state, report.reasons) == (CredentialsState.UNVERIFIED, ())
    assert [(action.name, action.agent) for action in report.actions] == [("created", "starter")]
    assert (report.source_type, report.model) == (SourceType.GENERATED.value, "starter")
    assert report.generator.startswith("Sfumato ")
    store = manifests(content)
    assert store["validation_state"] == "Valid"
    assert [one["code"] for one in store["validation_status"]] == ["signingCredential.untrusted"]


@pytest.mark.parametrize("kind", PictureKind)
def test_no_other_byte_of_the_file_changes(kind: PictureKind, identity: SigningIdentity) -> None:
    content = picture(kind)
    result = sign(content, kind, GENERATED, identity)
    rest = without(result, kind)
    # A WebP says its whole length at the start, and a simple one gets a chunk that says what it has beside pixels.
    assert rest == content if kind is not PictureKind.WEBP else rest.endswith(content[12:])
    with Image.open(io.BytesIO(result)) as after, Image.open(io.BytesIO(content)) as before:
        assert after.tobytes() == before.tobytes()


def test_a_picture_of_this_sfumato_is_known_again(identity: SigningIdentity, tmp_path: Path) -> None:
    content = sign(picture(PictureKind.PNG), PictureKind.PNG, GENERATED, identity)
    assert read(content, identity.chain).state is CredentialsState.OWN
    assert read(content, own_identity(tmp_path).chain).state is CredentialsState.UNVERIFIED


def test_the_words_say_that_it_is_self_issued(identity: SigningIdentity) -> None:
    report = read(sign(picture(PictureKind.PNG), PictureKind.PNG, GENERATED, identity))
    lines = report.described()
    assert lines[0] == "Content Credentials: valid; nothing was changed since they were signed"
    assert "issued to itself, which says nothing of who" in lines[1]
    assert "Kind: Made by a model (trainedAlgorithmicMedia)" in lines
    assert "Painted by: starter" in lines
    assert json.loads(json.dumps(report.as_json()))["self_issued"] is True


@pytest.mark.parametrize("kind", PictureKind)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_pixel_is_found(kind: PictureKind, data: st.DataObject, identity: SigningIdentity) -> None:
    plain = picture(kind)
    content = bytearray(sign(plain, kind, GENERATED, identity))
    start = content.index(plain[-200:-100])  # of the compressed pixels, behind the credentials or before them
    place = data.draw(st.integers(start, start + 99))
    content[place] ^= data.draw(st.integers(1, 255))
    report = checked(bytes(content), identity.chain)
    assert (report.state, report.reasons) == (CredentialsState.INVALID, (PIXELS_CHANGED,))
    assert report.described()[0] == f"Content Credentials: INVALID; {PIXELS_CHANGED}"


def test_changed_words_are_found(identity: SigningIdentity) -> None:
    content = sign(picture(PictureKind.PNG), PictureKind.PNG, GENERATED, identity)
    report = read(content.replace(b"starter", b"another"))
    assert (report.state, report.reasons) == (CredentialsState.INVALID, (MODEL_CHANGED,))
    assert report.model == "another"


def test_a_text_written_after_signing_breaks_it(identity: SigningIdentity) -> None:
    content = sign(picture(PictureKind.PNG), PictureKind.PNG, GENERATED, identity)
    buffer = io.BytesIO()
    PngImagePlugin.putchunk(buffer, b"tEXt", b"parameters\0a fox")
    report = read(content[:-12] + buffer.getvalue() + content[-12:])
    assert report.reasons == (PIXELS_CHANGED,)


def test_an_edit_carries_the_credentials_of_the_picture_before(photo: Path, identity: SigningIdentity) -> None:
    content = sign(picture(PictureKind.PNG), PictureKind.PNG, edited(Ingredient(Relation.PARENT, path=photo)), identity)
    report = read(content)
    assert report.state is CredentialsState.UNVERIFIED
    assert [action.name for action in report.actions] == ["opened", "edited"]
    assert [(one.relation, one.has_credentials, one.reasons) for one in report.ingredients] == [
        (Relation.PARENT, True, ())
    ]
    store = manifests(content)
    before = manifests(photo.read_bytes())
    label = before["active_manifest"]
    assert before["manifests"][label].items() <= store["manifests"][label].items()


def test_what_is_said_is_vouched_for_and_not_only_passed_on(photo: Path, identity: SigningIdentity) -> None:
    content = sign(picture(PictureKind.PNG), PictureKind.PNG, edited(Ingredient(Relation.PARENT, path=photo)), identity)
    with Reader(None, io.BytesIO(content)) as reader:
        store = json.loads(reader.detailed_json())
    claim = store["manifests"][store["active_manifest"]]["claim"]
    vouched = {one["url"].rpartition("/")[2] for one in claim["created_assertions"]}
    assert vouched == {"c2pa.actions.v2", "c2pa.ingredient.v3", "c2pa.hash.data"}
    assert not claim.get("gathered_assertions")


def test_a_picture_that_was_changed_on_the_way_here_is_reported(photo: Path, identity: SigningIdentity) -> None:
    content = bytearray(photo.read_bytes())
    content[-40] ^= 1
    photo.write_bytes(content)
    request = edited(Ingredient(Relation.PARENT, path=photo))
    report = read(sign(picture(PictureKind.PNG), PictureKind.PNG, request, identity))
    assert [one.reasons for one in report.ingredients] == [(PIXELS_CHANGED,)]
    assert any(PIXELS_CHANGED in line for line in report.described())


def test_pictures_laid_in_and_painted_from_are_named(photo: Path, tmp_path: Path, identity: SigningIdentity) -> None:
    plain = tmp_path / "plain.webp"
    plain.write_bytes(picture(PictureKind.WEBP))
    request = edited(
        Ingredient(Relation.COMPONENT, "11" * 32, photo),
        Ingredient(Relation.COMPONENT, "22" * 32, plain),
        Ingredient(Relation.INPUT, "33" * 32),
    )
    report = read(sign(picture(PictureKind.PNG), PictureKind.PNG, request, identity))
    assert [action.name for action in report.actions] == ["created", "placed"]
    assert {(one.relation, one.sha256[:2], one.has_credentials) for one in report.ingredients} == {
        (Relation.COMPONENT, "", True),
        (Relation.COMPONENT, "22", False),
        (Relation.INPUT, "33", False),
    }


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", picture(PictureKind.PNG)[:-30], None])
def test_a_picture_whose_file_is_gone_or_damaged_is_named_by_its_hash(
    content: bytes | None, tmp_path: Path, identity: SigningIdentity
) -> None:
    path = tmp_path / "before.png"
    if content is not None:
        path.write_bytes(content)
    request = edited(Ingredient(Relation.PARENT, "11" * 32, path), Ingredient(Relation.COMPONENT, "22" * 32))
    report = read(sign(picture(PictureKind.PNG), PictureKind.PNG, request, identity))
    assert report.state is CredentialsState.UNVERIFIED
    assert {one.sha256[:2] for one in report.ingredients} == {"11", "22"}


def test_neither_names_of_files_nor_small_pictures_go_out(photo: Path, identity: SigningIdentity) -> None:
    request = edited(Ingredient(Relation.PARENT, path=photo))
    plain = picture(PictureKind.PNG, 512)
    content = sign(plain, PictureKind.PNG, request, identity)
    assert not any(word in content for word in (b"secret", b"fox", b"home", b"tmp"))
    assert "thumbnail" not in json.dumps(manifests(content))
    assert len(content) - len(plain) < 32_000


def test_when_it_was_painted_is_said_where_it_may_be(identity: SigningIdentity) -> None:
    request = ManifestRequest(source_type=SourceType.GENERATED, created=datetime(2026, 11, 2, 8, 30, tzinfo=UTC))
    report = read(sign(picture(PictureKind.PNG), PictureKind.PNG, request, identity))
    assert [action.when for action in report.actions] == ["2026-11-02T08:30:00+00:00"]
    assert [
        action.when for action in read(sign(picture(PictureKind.PNG), PictureKind.PNG, GENERATED, identity)).actions
    ] == [""]


def test_nothing_is_claimed_of_a_picture_that_nobody_can_speak_for(identity: SigningIdentity) -> None:
    request = ManifestRequest(source_type=None, ingredients=(Ingredient(Relation.PARENT),))
    report = read(sign(picture(PictureKind.PNG), PictureKind.PNG, request, identity))
    assert ([one.name for one in report.actions], report.source_type, report.model) == (["opened", "edited"], "", "")


@pytest.mark.parametrize("algorithm", KEYS)
def test_the_users_own_certificate_signs(algorithm: str, tmp_path: Path) -> None:
    key = KEYS[algorithm]()
    identity = identity_from_files(*in_files(tmp_path, issued(key), pem_of(key)))
    report = read(sign(picture(PictureKind.PNG), PictureKind.PNG, GENERATED, identity))
    assert (report.state, report.signer, report.is_self_issued) == (CredentialsState.UNVERIFIED, NAME, False)
    assert any(f"{NAME} (as the certificate says" in line for line in report.described())


def test_a_certificate_that_the_library_refuses_is_refused_in_words(tmp_path: Path) -> None:
    key = KEYS["ES256"]()
    identity = identity_from_files(*in_files(tmp_path, issued(key, may_sign=False), pem_of(key)))
    with pytest.raises(SigningFailed, match="could not be signed"):
        sign(picture(PictureKind.PNG), PictureKind.PNG, GENERATED, identity)


def test_a_picture_without_credentials_says_so(tmp_path: Path) -> None:
    report = read(picture(PictureKind.PNG))
    assert report.state is CredentialsState.ABSENT
    assert report.described() == ["Content Credentials: none"]
    with pytest.raises(UnreadablePicture):
        read(tmp_path / "gone.png")


@pytest.mark.parametrize("kind", PictureKind)
def test_whether_there_are_credentials_is_told_from_the_outline(
    kind: PictureKind, tmp_path: Path, identity: SigningIdentity
) -> None:
    path = tmp_path / "picture"
    path.write_bytes(sign(picture(kind), kind, GENERATED, identity))
    assert (has_credentials(path), has_credentials(picture(kind))) == (True, False)


def test_an_avif_of_another_program_is_known(identity: SigningIdentity) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, "AVIF")
    assert not has_credentials(buffer.getvalue())
    content = signed(buffer.getvalue(), "image/avif", GENERATED, identity)
    assert has_credentials(content)
    assert has_credentials(content[:8] + b"mif1" + content[12:])


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(PictureKind), data=st.data())
def test_damage_is_reported_and_nothing_else_happens(
    kind: PictureKind, data: st.DataObject, identity: SigningIdentity
) -> None:
    content = bytearray(sign(picture(kind), kind, edited(Ingredient(Relation.INPUT, "11" * 32)), identity))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    has_credentials(bytes(content))
    assert checked(bytes(content), "").described()
    assert has_credentials(bytes(content[: data.draw(st.integers(0, 99))])) in {True, False}


def test_what_another_program_wrote_cannot_play_tricks_on_a_terminal() -> None:
    manifest = {
        "signature_info": {"common_name": "\x1b[2Jme\r\n" + "x" * 999},
        "ingredients": "none",
        "assertions": [3],
    }
    report = report_of({"active_manifest": "a", "manifests": {"a": manifest}, "validation_results": []}, "Valid")
    assert report.signer.startswith("[2Jme")
    assert len(report.signer) <= 200
    assert all(line.isprintable() for line in report.described())


@pytest.mark.usefixtures("loopback")
def test_nothing_is_fetched(identity: SigningIdentity, tmp_path: Path) -> None:
    with served() as web:
        link = web.put("/manifest.c2pa", Page(kind="application/c2pa"))
        content = with_credentials_elsewhere(link, identity)
        path = tmp_path / "elsewhere.png"
        path.write_bytes(content)
        read(content)
        checked(content, identity.chain)
        sign(picture(PictureKind.PNG), PictureKind.PNG, edited(Ingredient(Relation.PARENT, "11" * 32, path)), identity)
        assert web.asked == []
        # The same picture makes the library ask when it is not told not to: the server would have been asked.
        with pytest.raises(C2paError):
            manifests(content)
        assert len(web.asked) == 1


def with_credentials_elsewhere(link: str, identity: SigningIdentity) -> bytes:
    """Return a picture that says where its credentials lie."""
    signer = Signer.from_callback(partial(signature, identity.key), C2paSigningAlg.ES256, identity.chain)
    result = io.BytesIO()
    with Context.from_dict({}) as context, LibraryBuilder(GENERATED.definition(), context=context) as builder:
        builder.set_no_embed()
        builder.set_remote_url(link)
        builder.sign(signer, "image/png", io.BytesIO(picture(PictureKind.PNG)), result)
    return result.getvalue()


def python(code: str, **environ: str) -> str:
    """Run code in a fresh Python and return what it prints."""
    command = [sys.executable, "-W", "error", "-c", code]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, check=True)
    return run.stdout


LOADED = "import sys\n{}\nprint(*(name for name in ('c2pa', 'cryptography') if name in sys.modules))"


@pytest.mark.slow
@pytest.mark.parametrize("start", ["import studio.ui.main_window", "import studio.cli.commands"])
def test_a_start_loads_neither_library(start: str) -> None:
    assert python(LOADED.format(start)).split() == []


NO_LIBRARY = """
from pathlib import Path
from studio.domain.errors import SigningFailed
from studio.domain.picture_kind import PictureKind
from studio.services.content_credentials import read, sign
from studio.services.credentials_manifest import ManifestRequest
from studio.services.signing_identity import own_identity
path = Path({!r})
print(*read(path).described())
try:
    sign(path.read_bytes(), PictureKind.JPEG, ManifestRequest(source_type=None), own_identity(path.parent / "signing"))
except SigningFailed as error:
    print(error)
"""


@pytest.mark.slow
def test_without_the_library_it_is_said_that_nothing_can_be_signed_or_checked(photo: Path) -> None:
    said = python(NO_LIBRARY.format(str(photo)), C2PA_LIBRARY_NAME="no-such-library.so").splitlines()
    assert "there, but they cannot be checked; the C2PA library cannot be loaded" in said[0]
    assert said[-1].startswith("The picture could not be signed. The C2PA library cannot be loaded")
