"""Both themes are complete and can be read."""

from __future__ import annotations

import re
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFontInfo, QImage, QPainter, QPalette

from studio.services.paths import resources
from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.stylesheet import stylesheet
from studio.ui.theme.tokens import THEMES, Tokens

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

COLOUR = re.compile(r"#[0-9a-f]{6}")
READ_ON = [
    ("text", "window"),
    ("text", "field"),
    ("text", "field_hover"),
    ("text", "field_pressed"),
    ("text", "raised"),
    ("text", "backdrop"),
    ("text", "selection"),
    ("text_quiet", "window"),
    ("text_quiet", "field"),
    ("text_quiet", "field_hover"),
    ("text_quiet", "raised"),
    ("text_quiet", "backdrop"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("on_scrim", "scrim"),
    ("danger", "window"),
    ("danger", "raised"),
]
SEEN_ON = [("accent", "window"), ("accent", "field"), ("accent", "scrim"), ("focus", "window"), ("focus", "backdrop")]
themes = pytest.mark.parametrize("tokens", list(THEMES.values()), ids=list(THEMES))


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@themes
def test_every_token_is_a_colour(tokens: Tokens) -> None:
    colours = {name: value for name, value in asdict(tokens).items() if name != "name"}
    assert len(colours) == len(fields(Tokens)) - 1
    assert [name for name, value in colours.items() if not COLOUR.fullmatch(value)] == []


@themes
@pytest.mark.parametrize(("ink", "ground"), READ_ON)
def test_text_can_be_read(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@themes
@pytest.mark.parametrize(("mark", "ground"), SEEN_ON)
def test_marks_can_be_seen(tokens: Tokens, mark: str, ground: str) -> None:
    assert contrast(getattr(tokens, mark), getattr(tokens, ground)) >= 3


@themes
def test_greys_have_no_tint(tokens: Tokens) -> None:
    coloured = {"name", "mask", "accent", "accent_hover", "accent_pressed", "on_accent", "danger"}
    greys = {name: value for name, value in asdict(tokens).items() if name not in coloured}
    assert [name for name, value in greys.items() if len({value[1:3], value[3:5], value[5:7]}) > 1] == []


@themes
def test_the_style_sheet_has_no_hole(tokens: Tokens) -> None:
    sheet = stylesheet(tokens)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")


@themes
def test_applying_a_theme_changes_palette_and_tokens(qapp: QApplication, tokens: Tokens) -> None:
    theme.apply(qapp, tokens.name)
    assert theme.current() is tokens
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(tokens.window)
    assert qapp.palette().color(QPalette.ColorRole.WindowText) == QColor(tokens.text)


def test_the_system_s_theme_is_one_of_ours(qapp: QApplication) -> None:
    theme.apply(qapp, "system")
    assert theme.current() in THEMES.values()


def test_the_typeface_is_the_one_that_ships(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    assert QFontInfo(font(13)).family() == "Inter"


@pytest.mark.parametrize("icon", list(Icon), ids=[icon.value for icon in Icon])
@pytest.mark.usefixtures("qapp")
def test_every_icon_is_painted_in_the_colour_asked_for(icon: Icon) -> None:
    image = QImage(24, 24, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    icons.paint(painter, icon, QRect(0, 0, 24, 24), "#ff0000")
    painter.end()
    colours = {QColor(image.pixel(x, y)).name() for x in range(24) for y in range(24)}
    assert any(colour.startswith("#f") for colour in colours)
    assert all(colour.endswith("0000") for colour in colours)


def test_only_icons_that_are_used_ship_and_with_their_licence() -> None:
    folder = resources() / "icons"
    assert {file.stem for file in folder.glob("*.svg")} == {icon.value for icon in Icon}
    assert (folder / "LICENSE").is_file()
    assert "lucide-static" in (folder / "README.md").read_text()


@pytest.mark.parametrize("path", sorted((resources() / "icons").glob("*.svg")), ids=lambda path: Path(path).stem)
def test_an_icon_is_a_stroke_drawing_on_24_units(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
