"""`sfumato history`: what the history holds, and how its index is made anew, checked and filled, without a window."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.cli.progress import ProgressLine
from studio.cli.terminal import json_text, plain
from studio.domain.errors import InvalidSetting, StudioError, UnreadablePicture
from studio.domain.query_parsing import parse
from studio.services.history import History
from studio.services.history_check import check
from studio.services.history_rebuild import rebuild
from studio.services.paths import Paths
from studio.services.picture_finding import find_pictures
from studio.services.settings_store import SettingsStore

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from studio.services.history_entry import Entry

_PROMPT_LENGTH: Final = 60


def run(options: argparse.Namespace) -> int:
    """Do what was asked for and return the exit code."""
    actions: dict[str, Callable[[argparse.Namespace, Paths], int]] = {
        "rebuild": _rebuild,
        "check": _check,
        "import": _import,
        "list": _list,
        "trash": _trash,
    }
    return actions[options.action](options, user_paths())


def user_paths() -> Paths:
    """Return the user's folders, with the pictures where his settings say.

    Raises:
        UnwritablePlace: the settings cannot be read.
    """
    paths = Paths.of_user(os.environ)
    return paths.with_pictures(SettingsStore(paths.settings).load().pictures_folder)


def _opened(paths: Paths) -> History:
    return History(paths.database, paths.pictures)


def _rebuild(options: argparse.Namespace, paths: Paths) -> int:
    line = ProgressLine(sys.stderr)
    rebuilt = rebuild(paths.database, paths.pictures, lambda count: line.say(f"{count} pictures"))
    line.clear()
    if options.json:
        aside = None if rebuilt.aside is None else str(rebuilt.aside)
        print(json.dumps({"count": rebuilt.count, "trashed": rebuilt.trashed, "aside": aside}))
        return 0
    print(f"{_pictures(rebuilt.count)} in the history, {rebuilt.trashed} in the trash.")
    if rebuilt.aside is not None:
        print(f"The old index could not be read; it is {rebuilt.aside} now.")
    return 0


def _check(options: argparse.Namespace, paths: Paths) -> int:
    """Return 1 where something does not agree."""
    with closing(_opened(paths)) as history:
        found = check(history.index)
    if options.json:
        print(json.dumps(asdict(found) | {"sound": found.is_sound}, indent=2, ensure_ascii=False))
        return 0 if found.is_sound else 1
    for title, names in (
        ("The file is not there", found.missing),
        ("Not in the history", found.unknown),
        ("No picture, left aside", found.unreadable),
        ("The index is damaged", found.faults),
    ):
        for name in names:
            print(f"{title}: {name}")
    if found.is_sound:
        print(f"{_pictures(found.count)}; index and files agree.")
    else:
        print("sfumato history rebuild makes the index anew from the files.", file=sys.stderr)
    return 0 if found.is_sound else 1


def _import(options: argparse.Namespace, paths: Paths) -> int:
    """Return 1 where a file could not be entered."""
    line, entered, failed = ProgressLine(sys.stderr), list["Entry"](), list[tuple[str, StudioError]]()
    with closing(_opened(paths)) as history:
        for found in find_pictures(Path(name).expanduser().absolute() for name in options.files):
            if found is None:
                continue
            try:
                if found.error is not None:
                    raise found.error
                entered.append(history.add_import(found.path))
            except UnreadablePicture as reason:
                failed.append((str(found.path), reason))
            line.say(f"{len(entered)} pictures")
    line.clear()
    if options.json:
        told = {"entered": [_facts(entry) for entry in entered]}
        failures = [{"path": path, "error": str(error)} for path, error in failed]
        print(json_text({**told, "failed": failures}))
    else:
        print(f"{_pictures(len(entered))} entered.")
    for path, error in failed:
        print(plain(f"sfumato: {'' if path in error.what else f'{path}: '}{error}"), file=sys.stderr)
    return 1 if failed else 0


def _list(options: argparse.Namespace, paths: Paths) -> int:
    query = parse(" ".join(options.query))
    if query.problems:
        # The window finds what it can; a script that goes on with more than it asked for does harm.
        raise InvalidSetting(
            " ".join(problem.text for problem in query.problems), "nothing was looked for", "Write it in another way"
        )
    with closing(_opened(paths)) as history:
        found = history.search.first(query, options.limit)
        _print_entries(history.entries(int(number) for number in found.ids), as_json=options.json)
    return 0


def _trash(options: argparse.Namespace, paths: Paths) -> int:
    with closing(_opened(paths)) as history:
        if not options.empty:
            _print_entries(history.trash.entries(), as_json=options.json)
            return 0
        count = history.trash.empty()
    print(json.dumps({"emptied": count}) if options.json else f"{_pictures(count)} moved to the system's trash.")
    return 0


def _print_entries(entries: Sequence[Entry], *, as_json: bool) -> None:
    if as_json:
        print(json_text([_facts(entry) for entry in entries]))
        return
    for entry in entries:
        prompt = " ".join(entry.prompt.split())
        shown = prompt if len(prompt) <= _PROMPT_LENGTH else f"{prompt[: _PROMPT_LENGTH - 1]}\u2026"
        star = "*" if entry.is_starred else " "
        print(plain(f"{entry.created.astimezone():%Y-%m-%d %H:%M} {star} {entry.path}  {shown}"))


def _facts(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "path": str(entry.path),
        "created": entry.created.isoformat(),
        "prompt": entry.prompt,
        "seed": entry.seed,
        "model": entry.found.model,
        "dialect": entry.found.dialect.value,
        "width": entry.width,
        "height": entry.height,
        "pixels": entry.picture_sha256,
        "starred": entry.is_starred,
        "imported": entry.is_imported,
        "missing": entry.is_missing,
        "note": entry.note,
        "tags": entry.tags,
        "trashed": None if entry.trashed is None else entry.trashed.isoformat(),
    }


def _pictures(count: int) -> str:
    return f"{count} picture{'' if count == 1 else 's'}"
