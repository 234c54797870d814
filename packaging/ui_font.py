"""Make the window's typeface from the npm package inter-ui: three weights, the scripts that Inter covers, as TrueType.

    npm pack inter-ui@4.1.1 && tar xzf inter-ui-4.1.1.tgz
    pip install fonttools brotli
    python packaging/ui_font.py package/web resources/fonts

Inter is licensed under the SIL Open Font License 1.1, without a reserved font name; its text stands beside the files.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter  # pyright: ignore[reportMissingImports]  # installed for this command only
from fontTools.ttLib import TTFont  # pyright: ignore[reportMissingImports]  # likewise

WEIGHTS = ("Regular", "Medium", "SemiBold")
# Latin, Greek, Cyrillic, Vietnamese, punctuation, currency, arrows and the signs of keyboards.
RANGES = (
    (0x0020, 0x007E),
    (0x00A0, 0x024F),
    (0x02BB, 0x02DD),
    (0x0300, 0x030C),
    (0x0370, 0x03FF),
    (0x0400, 0x052F),
    (0x1E00, 0x1EFF),
    (0x2000, 0x206F),
    (0x2070, 0x209F),
    (0x20A0, 0x20BF),
    (0x2100, 0x2122),
    (0x2190, 0x23CE),
    (0x25A0, 0x25CF),
)
FEATURES = ("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case")
FAMILY, SUBFAMILY, TYPOGRAPHIC_FAMILY, TYPOGRAPHIC_SUBFAMILY = 1, 2, 16, 17


def convert(source: Path, target: Path, weight: str) -> None:
    """Write one weight as TrueType, less the glyphs that the window cannot need."""
    font = TTFont(source / f"Inter-{weight}.woff2")
    options = Options(layout_features=list(FEATURES), hinting=False, name_IDs=["*"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    # All weights are one family, so that the toolkit finds them by weight.
    font["name"].setName("Inter", TYPOGRAPHIC_FAMILY, 3, 1, 0x409)
    font["name"].setName(weight, TYPOGRAPHIC_SUBFAMILY, 3, 1, 0x409)
    font.flavor = None
    font.save(target / f"Inter-{weight}.ttf")


if __name__ == "__main__":
    for each in WEIGHTS:
        convert(Path(sys.argv[1]), Path(sys.argv[2]), each)
