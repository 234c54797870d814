"""How the file of a picture is called: a template with fields in braces, such as ``{date}-{time}-{prompt}-{seed}``."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from studio.domain.errors import InvalidSetting

if TYPE_CHECKING:
    from studio.domain.metadata import Metadata

DEFAULT_TEMPLATE: Final = "{date}-{time}-{prompt}-{seed}"
SLUG_LENGTH: Final = 40
MAX_STEM: Final = 120
"""Characters of a name without its suffix; file systems end at 255 bytes, and a number may follow."""
_MAX_TEMPLATE: Final = 80
FIELDS: Final = ("date", "time", "prompt", "seed", "model", "width", "height", "steps", "task", "index")
"""What may stand in braces."""
_FIELD: Final = re.compile(r"\{(\w*)\}")
_FIELD_AND_MARK: Final = re.compile(r"(?P<mark>[-_ .]?)\{(?P<field>\w+)\}")
_REFUSED: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\ud800-\udfff]')
"""What no name may contain on one of the systems that files travel to; halves of surrogate pairs are no text at all."""
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names of devices on Windows, with any suffix."""


def check_template(template: str) -> None:
    """Refuse a template that does not make names.

    Raises:
        InvalidSetting: it does not, and why.
    """
    unknown = [field for field in _FIELD.findall(template) if field not in FIELDS]
    rest = _FIELD.sub("", template)
    if unknown:
        raise _refused(template, f"there is no field {{{unknown[0]}}}")
    if "{" in rest or "}" in rest:
        raise _refused(template, "a brace stands alone")
    if found := _REFUSED.search(rest):
        raise _refused(template, f"a file's name cannot contain {found[0]!r}")
    if not _FIELD.search(template):
        raise _refused(template, "all pictures would have the same name")
    if len(template) > _MAX_TEMPLATE:
        raise _refused(template, f"it is longer than {_MAX_TEMPLATE} characters")


def file_stem(template: str, metadata: Metadata) -> str:
    """Return the name of a picture's file without its suffix; times are those of the user's time zone.

    A field that is empty takes the mark before it along: ``{date}-{prompt}-{seed}`` is ``20261123-7`` without a prompt.

    Args:
        template: one that `check_template` lets pass.
        metadata: of the picture.
    """
    local = metadata.created.astimezone()
    values = {
        "date": f"{local:%Y%m%d}",
        "time": f"{local:%H%M%S}",
        "prompt": slug(metadata.prompt),
        "seed": str(metadata.seed),
        "model": slug(metadata.model),
        "width": str(metadata.width),
        "height": str(metadata.height),
        "steps": str(metadata.steps),
        "task": metadata.task.value,
        "index": str(metadata.index + 1),
    }
    filled = _FIELD_AND_MARK.sub(
        lambda one: one["mark"] + values[one["field"]] if values[one["field"]] else "", template
    )
    return portable(filled)


def slug(text: str) -> str:
    """Return the first words of a text as part of a file's name: ``a-red-fox-3d``; may be empty."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only[: 4 * SLUG_LENGTH])[:SLUG_LENGTH].strip("-")


def portable(stem: str) -> str:
    """Return a name, without its suffix, that every system takes."""
    stem = _REFUSED.sub("-", stem).strip(" .-_")[:MAX_STEM].rstrip(" .-_") or "picture"
    return f"_{stem}" if _RESERVED.fullmatch(stem) else stem


def _refused(template: str, why: str) -> InvalidSetting:
    fields = ", ".join(f"{{{field}}}" for field in FIELDS)
    return InvalidSetting(f"\u201c{template}\u201d makes no names for files", why, f"Use some of {fields}")
