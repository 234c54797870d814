"""A program that knows nothing of Sfumato reads what Sfumato wrote: ExifTool, where it is installed."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio import __version__
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.disclosure import Disclosure, ExportPrivacy
from studio.domain.metadata import Metadata
from studio.domain.picture_kind import PictureKind
from studio.domain.source_type import SourceType
from studio.domain.xmp import Xmp
from studio.services.export import picture_bytes, with_plain_names
from studio.services.layered_psd import write_psd
from studio.services.metadata_reading import told_in
from studio.services.pictures import write_png
from tests.services.test_export import OPAQUE
from tests.services.test_pictures import PICTURE, described

PROMPT = 'ein "roter" Fuchs, größer: 狐 🦊\n<&>'
METADATA = described(PROMPT)

pytestmark = pytest.mark.skipif(
    shutil.which("exiftool") is None, reason="exiftool is not installed (Debian: libimage-exiftool-perl)"
)


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what ExifTool finds in each file of a folder, and what it has to say against it."""
    command = ["exiftool", "-json", "-G0", "-a", "-b", "-validate", "-warning", "-all", str(folder)]
    run = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return {Path(one["SourceFile"]).name: one for one in json.loads(run.stdout)}


def write(folder: Path, metadata: Metadata, *privacies: ExportPrivacy) -> dict[str, dict[str, Any]]:
    for kind in PictureKind:
        for privacy in privacies:
            content = picture_bytes(OPAQUE, kind, Disclosure.of(metadata, privacy))
            (folder / f"{privacy.value}{kind.suffixes[0]}").write_bytes(content)
    return read(folder)


def test_exiftool_reads_the_source_type_and_the_comment(tmp_path: Path) -> None:
    found = write(tmp_path, METADATA, ExportPrivacy.FULL)
    for kind in PictureKind:
        said = found[f"full{kind.suffixes[0]}"]
        assert said["XMP:DigitalSourceType"] == SourceType.GENERATED.uri
        assert said["XMP:CreatorTool"] == f"Sfumato {__version__}"
        assert said["XMP:AISystemUsed"] == "Sfumato, starter"
        assert said["XMP:AIPromptInformation"] == PROMPT
        comment = said["PNG:Parameters" if kind is PictureKind.PNG else "EXIF:UserComment"]
        assert comment == METADATA.to_parameters()
    assert json.loads(found["full.png"]["PNG:Sfumato"])["prompt"] == PROMPT
    assert found["full.jpg"]["EXIF:Software"] == f"Sfumato {__version__}"


def test_exiftool_finds_no_prompt_where_none_is_told(tmp_path: Path) -> None:
    found = write(tmp_path, METADATA, ExportPrivacy.PROVENANCE, ExportPrivacy.NOTHING)
    assert len(found) == 6
    for name, said in found.items():
        groups = {tag for tag in said if tag.split(":")[0] in {"XMP", "EXIF", "PNG", "IPTC", "MakerNotes"}}
        words = {tag.split(":")[1] for tag in groups if tag.startswith("XMP")}
        expected = {"DigitalSourceType"}
        if name.startswith("provenance"):
            expected |= {"CreatorTool", "AISystemUsed", "AISystemVersionUsed"}
        assert words == expected
        assert not {tag for tag in groups if tag.startswith(("EXIF", "IPTC", "MakerNotes"))}
        assert said["ExifTool:Validate"] in {0, "OK", "0 0 0"}


def test_exiftool_joins_the_two_packets_of_a_jpeg(tmp_path: Path) -> None:
    prompt = "狐 🦊, \n" * 15_000
    (tmp_path / "long.jpg").write_bytes(picture_bytes(OPAQUE, PictureKind.JPEG, Disclosure.of(described(prompt))))
    said = read(tmp_path)["long.jpg"]
    assert said["XMP:DigitalSourceType"] == SourceType.GENERATED.uri
    own = said["XMP:Metadata"]
    assert Metadata.from_json(own).prompt == prompt


def test_exiftool_reads_a_picture_of_the_history(tmp_path: Path) -> None:
    write_png(tmp_path / "fox.png", PICTURE, METADATA)
    said = read(tmp_path)["fox.png"]
    assert said["XMP:DigitalSourceType"] == SourceType.GENERATED.uri
    assert said["ExifTool:Validate"] in {0, "OK", "0 0 0"}


def test_exiftool_reads_the_source_type_of_a_photoshop_document(tmp_path: Path) -> None:
    state = CanvasState((Layer(name="a secret fox", pixels=plane_of(OPAQUE)),))
    xmp = Disclosure.of(METADATA, ExportPrivacy.NOTHING).xmp
    write_psd(tmp_path / "fox.psd", with_plain_names(state), xmp)
    said = read(tmp_path)["fox.psd"]
    assert said["XMP:DigitalSourceType"] == SourceType.GENERATED.uri
    assert b"secret" not in (tmp_path / "fox.psd").read_bytes()


def test_what_exiftool_wrote_is_read_here(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    Image.fromarray(PICTURE.pixels).save(path)
    term = f"-XMP-iptcExt:DigitalSourceType={SourceType.COMPOSITE.uri}"
    command = ["exiftool", "-q", "-overwrite_original", term, "-XMP:CreatorTool=Another <Program>", str(path)]
    subprocess.run(command, check=True, timeout=60)
    xmp = Xmp.read(told_in(path, "photo").xmp)
    assert xmp.source_type is SourceType.COMPOSITE
    assert xmp.tool == "Another <Program>"
