"""Stage 1, `python -m starter_model.build_pack`: render the training pack from the packages that hold the pictures.

Fetch the packages first, with npm's own client; `SOURCES` says what each file must hash to:

    npm pack @lobehub/fluent-emoji-3d@1.1.0 @iconify-json/fluent-emoji-flat@1.2.6 @iconify-json/noto@1.2.9 \
        emojibase-data@17.0.0 emojilib@4.0.3

Rendering vector pictures needs resvg_py 0.5.0, which nothing else here does.
"""

import argparse
import hashlib
import importlib
import io
import json
import re
import tarfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypedDict, cast

import numpy as np
from PIL import Image

from starter_model.captions import Style

SOURCES = {
    "lobehub-fluent-emoji-3d-1.1.0.tgz": "c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58",
    "iconify-json-fluent-emoji-flat-1.2.6.tgz": "7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175",
    "iconify-json-noto-1.2.9.tgz": "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad",
    "emojibase-data-17.0.0.tgz": "d01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a",
    "emojilib-4.0.3.tgz": "7f9a6b43cff31d18985b7d65d11faba5bd971cbcc60020cf6d09322fbaaaf303",
}
_RENDERED, _FLAT, _CARTOON, _NAMES, _KEYWORDS = SOURCES
# emojibase's numbers: people, animals, food, travel, activities, objects, symbols.
_WHOLE_GROUPS = frozenset({0, 3, 4, 5, 6, 7})
_BODY_PARTS = frozenset({16, 17, 18, 19, 20, 21, 22, 31})
_PERSONS = frozenset({23, 25, 26, 27, 28})
_SYMBOLS = frozenset({84, 86, 87, 91, 93, 96})
_TIMES = 58
_CLOCKS = frozenset(
    ("watch", "alarm clock", "stopwatch", "timer clock", "mantelpiece clock", "hourglass done", "hourglass not done")
)
_NEUTRAL_PERSON = "1f9d1"
_KEYWORDS_KEPT = 14
_MARGIN = 0.94

Render = Callable[[str], Image.Image | None]


class _Emoji(TypedDict, total=False):
    hexcode: str
    label: str
    group: int
    subgroup: int
    tags: list[str]


class _Icon(TypedDict, total=False):
    body: str
    width: int
    height: int


class _Icons(TypedDict, total=False):
    icons: dict[str, _Icon]
    width: int
    height: int


@dataclass(frozen=True)
class Concept:
    """What the pack's index says of one thing: code points, name, other words, emojibase's group and subgroup."""

    hex: str
    name: str
    syn: list[str]
    group: int
    sub: int


class Source:
    """A package's files, read from its archive after its hash was checked."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open a package.

        Raises:
            FileNotFoundError: It was not fetched.
            ValueError: It is another file than the recipe was written for.
        """
        raw = (folder / name).read_bytes()
        if hashlib.sha256(raw).hexdigest() != SOURCES[name]:
            raise ValueError(f"{folder / name} is not the file the recipe was written for; fetch it again.")
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            members = [member for member in archive.getmembers() if member.isfile()]
            self._files = {member.name.removeprefix("package/"): _bytes(archive, member) for member in members}

    def json(self, path: str) -> object:
        """Return a file's JSON."""
        return json.loads(self._files[path])

    def under(self, folder: str) -> dict[str, bytes]:
        """Return the files of a folder by their names."""
        start = f"{folder}/"
        return {path.removeprefix(start): raw for path, raw in self._files.items() if path.startswith(start)}


def _bytes(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return b"" if file is None else file.read()


def normal(hexcode: str) -> str:
    """Return code points without variation selectors, as "1f9d1-200d-1f680"."""
    return "-".join(part for part in hexcode.lower().split("-") if part != "fe0f")


def is_wanted(emoji: _Emoji) -> bool:
    """Return whether a picture belongs into the pack: no flags, no skin tones, no zodiac, no wall of clock faces."""
    group, subgroup = emoji.get("group", -1), emoji.get("subgroup", -1)
    if group in _WHOLE_GROUPS:
        return subgroup != _TIMES or emoji.get("label", "") in _CLOCKS | {"twelve o\u2019clock"}
    if group == 1:
        parts = normal(emoji.get("hexcode", "")).split("-")
        alone = len(parts) == 1 or parts[0] == _NEUTRAL_PERSON
        return subgroup in _BODY_PARTS or (subgroup in _PERSONS and alone)
    return group == 8 and subgroup in _SYMBOLS


def concepts(names: list[_Emoji], keywords: dict[str, list[str]]) -> list[Concept]:
    """Return what the pack holds, in emojibase's order.

    Args:
        names: emojibase's list.
        keywords: emojilib's, by code points.
    """
    found: list[Concept] = []
    for emoji in filter(is_wanted, names):
        code = normal(emoji.get("hexcode", ""))
        name = re.sub(r"[“”\"!:,.()]", "", emoji.get("label", "").lower()).replace("\u2019", "'").strip()
        tags = [tag.lower() for tag in emoji.get("tags", [])]
        words = [word.replace("_", " ").lower() for word in keywords.get(code, [])]
        clean = [re.sub(r"[^a-z0-9' -]", "", word).strip() for word in (*words[:1], *tags, *words[1:])]
        others = [word for word in dict.fromkeys(clean) if len(word) > 1 and word != name]
        group, subgroup = emoji.get("group", -1), emoji.get("subgroup", -1)
        found.append(Concept(code, name, others[:_KEYWORDS_KEPT], group, subgroup))
    return found


def fitted(image: Image.Image, size: int) -> Image.Image | None:
    """Crop to what is visible and centre it with a 3 % margin: (size, size) RGBA, or None for next to nothing.

    Resized with premultiplied alpha, else the colour of invisible pixels bleeds into the edges.
    """
    visible = np.asarray(image)[..., 3] > 8
    if int(visible.sum()) < 20:
        return None
    rows, columns = np.where(visible)
    image = image.crop((int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1))
    scale = round(size * _MARGIN) / max(image.size)
    width, height = (max(1, round(edge * scale)) for edge in image.size)
    pixels = np.asarray(image).astype(np.float32)
    pixels[..., :3] *= pixels[..., 3:] / 255
    planes = [Image.fromarray(pixels[..., band], "F") for band in range(4)]
    pixels = np.stack([np.asarray(plane.resize((width, height), Image.Resampling.LANCZOS)) for plane in planes], -1)
    alpha = np.clip(pixels[..., 3:], 0, 255)
    colour = np.where(alpha > 0.5, pixels[..., :3] * 255 / np.maximum(alpha, 0.5), 0)
    whole = np.zeros((size, size, 4), np.uint8)
    top, left = (size - height) // 2, (size - width) // 2
    whole[top : top + height, left : left + width] = np.concatenate([colour, alpha], -1).round().clip(0, 255)
    return Image.fromarray(whole, "RGBA")


def vector_pictures(source: Source, width: int) -> Render:
    """Return what renders a set of vector pictures by code points, `width` pixels wide."""
    index = cast("_Icons", source.json("icons.json"))
    by_code = {normal(code): name for code, name in cast("dict[str, str]", source.json("chars.json")).items()}
    svg_to_bytes = cast("Callable[..., bytes]", importlib.import_module("resvg_py").svg_to_bytes)

    def render(code: str) -> Image.Image | None:
        icon = index.get("icons", {}).get(by_code.get(code, ""))
        if icon is None:
            return None
        wide, high = icon.get("width", index.get("width", 16)), icon.get("height", index.get("height", 16))
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" color="#000">{icon.get("body", "")}</svg>'
        )
        return Image.open(io.BytesIO(svg_to_bytes(svg_string=svg, width=width))).convert("RGBA")

    return render


def rendered_pictures(source: Source) -> Render:
    """Return what reads the ready pictures by code points."""
    by_code = {normal(name.rsplit(".", 1)[0]): raw for name, raw in source.under("assets").items()}

    def read(code: str) -> Image.Image | None:
        return Image.open(io.BytesIO(by_code[code])).convert("RGBA") if code in by_code else None

    return read


def build(npm: Path, out: Path, size: int, first: int | None = None) -> int:
    """Write `pack.bin` and `pack.json` and return how many pictures they hold.

    Args:
        npm: Folder of the packages' archives.
        out: Folder to write.
        size: Edge of a picture in pixels.
        first: Only the first so many concepts, to try the stage.
    """
    words = {
        normal("-".join(f"{ord(letter):x}" for letter in emoji)): kept
        for emoji, kept in cast("dict[str, list[str]]", Source(npm, _KEYWORDS).json("dist/emoji-en-US.json")).items()
    }
    known = concepts(cast("list[_Emoji]", Source(npm, _NAMES).json("en/data.json")), words)[:first]
    renders: dict[Style, Render] = {
        Style.RENDERED: rendered_pictures(Source(npm, _RENDERED)),
        Style.FLAT: vector_pictures(Source(npm, _FLAT), 2 * size),
        Style.CARTOON: vector_pictures(Source(npm, _CARTOON), 2 * size),
    }
    items: list[tuple[int, str, int, int]] = []
    out.mkdir(parents=True, exist_ok=True)
    with (out / "pack.bin").open("wb") as pictures:
        for number, concept in enumerate(known):
            for style, render in renders.items():
                image = render(concept.hex)
                picture = None if image is None else fitted(image, size)
                if picture is None:
                    continue
                start = pictures.tell()
                picture.save(pictures, "WEBP", quality=85, method=4, alpha_quality=90)
                items.append((number, style.value, start, pictures.tell() - start))
    index = {"size": size, "concepts": [asdict(concept) for concept in known], "items": items}
    (out / "pack.json").write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return len(items)


def main() -> None:
    """Build the pack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", required=True, help="folder of the fetched archives")
    parser.add_argument("--out", required=True, help="folder of the pack to write")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--first", type=int, default=None, help="only so many concepts, to try the stage")
    arguments = parser.parse_args()
    count = build(Path(arguments.packages), Path(arguments.out), arguments.size, arguments.first)
    print(f"{count} pictures in {arguments.out}")


if __name__ == "__main__":
    main()
