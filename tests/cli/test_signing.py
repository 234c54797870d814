"""`sfumato generate --sign` adds Content Credentials, and `sfumato inspect` says what they are worth."""

import json
from pathlib import Path

import pytest

from studio.domain.settings import Settings
from studio.services.credentials_presence import has_credentials
from studio.services.paths import Paths
from studio.services.pictures import png_texts
from studio.services.settings_store import SettingsStore
from tests.cli.conftest import CommandLine

pytestmark = pytest.mark.usefixtures("model", "folder")

FOX = ("generate", "a red fox", "--model", "tiny")


def inspected(sfumato: CommandLine, name: str) -> dict[str, object]:
    assert sfumato("inspect", name, "--json") == 0
    return json.loads(sfumato.output)[0]["credentials"]


def test_a_picture_is_signed_only_where_that_is_asked_for(sfumato: CommandLine, home: Path) -> None:
    assert sfumato(*FOX, "--out", "plain.png") == 0
    assert not has_credentials(Path("plain.png"))
    assert not (home / "data" / "signing").exists()
    assert sfumato(*FOX, "--out", "fox.png", "--sign") == 0
    credentials = inspected(sfumato, "fox.png")
    assert (credentials["state"], credentials["self_issued"], credentials["model"]) == ("own", True, "tiny")
    assert credentials["source_type"] == "trainedAlgorithmicMedia"
    assert png_texts(Path("fox.png"))["parameters"].startswith("a red fox")


def test_what_it_was_painted_from_goes_on_in_its_credentials(sfumato: CommandLine) -> None:
    assert sfumato(*FOX, "--out", "fox.png", "--sign") == 0
    assert sfumato(*FOX, "--init", "fox.png", "--out", "again.png", "--sign") == 0
    credentials = inspected(sfumato, "again.png")
    [before] = credentials["ingredients"] if isinstance(credentials["ingredients"], list) else []
    assert (before["relation"], before["has_credentials"], before["reasons"]) == ("parentOf", True, [])


def test_a_picture_that_cannot_be_signed_is_written_and_said_to_be_unsigned(sfumato: CommandLine, home: Path) -> None:
    settings = Settings(signing_certificate=str(home / "gone.pem"))
    SettingsStore(Paths.of_user({"SFUMATO_HOME": str(home)}).settings).save(settings)
    assert sfumato(*FOX, "--out", "fox.png", "--sign") == 0
    assert sfumato.output == "fox.png\n"
    assert "sfumato: The picture was saved, but it is unsigned. " in sfumato.errors
    assert not has_credentials(Path("fox.png"))


def test_a_changed_picture_is_found(sfumato: CommandLine) -> None:
    assert sfumato(*FOX, "--out", "fox.png", "--sign") == 0
    content = bytearray(Path("fox.png").read_bytes())
    content[-20] ^= 1
    Path("fox.png").write_bytes(content)
    sfumato("inspect", "fox.png")
    assert "Content Credentials: INVALID; the picture was changed after it was signed" in sfumato.output
