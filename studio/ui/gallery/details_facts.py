"""What is known of pictures, as rows of a title and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.services.history_entry import Entry

Rows = dict[str, str]
"""Words by title, in the order in which people look for them."""

_TEXTS: Final = ("Prompt", "Negative prompt")
_KIB: Final = 1024


def settings_rows(entry: Entry) -> Rows:
    """Return how it was painted; prompts, which are long, and hashes are elsewhere."""
    rows = {title: words for title, words in entry.found.described().items() if title not in (*_TEXTS, "Model hash")}
    if entry.width and "Size" not in rows:
        rows = {"Size": f"{entry.width} \u00d7 {entry.height}"} | rows
    return rows


def file_rows(entry: Entry, size: int | None) -> Rows:
    """Return what there is to say of its file.

    Args:
        entry: the picture.
        size: of the file in bytes; None where nobody knows.
    """
    return _filled(
        {
            "Name": entry.path.name,
            "Folder": str(entry.path.parent),
            "File size": "" if size is None else bytes_in_words(size),
            "Pixels": f"{entry.width} \u00d7 {entry.height}" if entry.width else "",
            "Created": f"{entry.created.astimezone():%d %B %Y, %H:%M:%S}".lstrip("0"),
            "Comes from": "Another place: it was imported" if entry.is_imported else "This Sfumato",
            "Written by": entry.found.dialect.title,
            "State": "The file is missing" if entry.is_missing else "",
        }
    )


def computing_rows(entry: Entry) -> Rows:
    """Return what its exact pixels depend on beside the settings; nothing where another program painted it."""
    said = entry.metadata
    if said is None:
        return _filled({"Model hash": entry.found.model_hash, "Pixels' hash": entry.picture_sha256})
    place = f"{said.index + 1} of {said.count}" if said.count > 1 else ""
    return _filled(
        {
            "Sfumato": said.software,
            "Device": said.device,
            "Number type": said.dtype,
            "Took": "" if said.seconds is None else f"{said.seconds:.1f} s",
            "Place in its job": place,
            "Prompt dialect": said.dialect,
            **said.versions,
            "Model hash": said.model_hash,
            "VAE hash": said.vae_hash,
            **{f"LoRA {lora.name}": lora.hash for lora in said.loras},
            "Pixels' hash": said.picture_sha256,
            "Painted from": said.image_sha256 or "",
            "Mask": said.mask_sha256 or "",
        }
    )


def shared_rows(entries: Sequence[Entry]) -> Rows:
    """Return in what several pictures agree, and how many values there are where they do not."""
    described = [{"Prompt": entry.prompt} | settings_rows(entry) for entry in entries]
    titles = dict.fromkeys(title for rows in described for title in rows)
    shared: Rows = {}
    for title in titles:
        values = {rows.get(title, "") for rows in described}
        shared[title] = values.pop() if len(values) == 1 else f"{len(values):,} different"
    days = sorted(entry.day for entry in entries)
    shared["Created"] = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    starred = sum(entry.is_starred for entry in entries)
    shared["With a star"] = f"{starred:,} of {len(entries):,}"
    return _filled(shared)


def bytes_in_words(size: int) -> str:
    """Return a size such as ``1.4 MiB``."""
    if size < _KIB:
        return f"{size} bytes"
    return f"{size / _KIB:.0f} KiB" if size < _KIB**2 else f"{size / _KIB**2:.1f} MiB"


def _filled(rows: Rows) -> Rows:
    return {title: words for title, words in rows.items() if words}
