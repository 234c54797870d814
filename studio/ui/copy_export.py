"""Exporting copies of pictures of the history: where, how much they tell, and what came of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from studio.bridge.history_export import CopyOrder
from studio.domain.picture_kind import PictureKind
from studio.services.export import FileOptions
from studio.ui.ways_out import Stop

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from studio.bridge.history_export import Exported
    from studio.bridge.session import Session
    from studio.services.history_entry import Entry
    from studio.ui.export_options import ExportChoice
    from studio.ui.message_bar import MessageBar

_KINDS: Final = {"PNG (*.png)": ".png", "JPEG (*.jpg)": ".jpg", "WebP (*.webp)": ".webp"}


class CopyExport(QObject):
    """Asks, has the copies written, and says what came of them."""

    def __init__(self, session: Session, messages: MessageBar) -> None:
        """Join them.

        Args:
            session: has pictures and settings.
            messages: says it, and owns this.
        """
        super().__init__(messages)
        self._session, self._messages = session, messages
        session.history.export.advanced.connect(self._show_progress)
        session.history.export.ended.connect(self._show_end)

    def ask(self, ids: tuple[int, ...], entry: Entry) -> None:
        """Ask where copies are to go, and how much they tell.

        Args:
            ids: numbers of the pictures.
            entry: one of them, which names the file of a single one.
        """
        from studio.ui.export_options import ExportChoice, ExportOptions  # noqa: PLC0415 - the start need not wait for it

        target = self._file(entry) if len(ids) == 1 else self._folder(len(ids))
        if target is None:
            return
        settings = self._session.settings
        begun = ExportChoice(settings.export_privacy, settings.export_quality, settings.sign_exports)
        sheet = ExportOptions(target, begun, self._window, count=len(ids))
        sheet.confirmed.connect(partial(self._write, ids, target))
        sheet.open()

    @property
    def _window(self) -> QWidget:
        return self._messages.window()

    def _file(self, entry: Entry) -> Path | None:
        """Ask for a file; a name without an end gets that of its kind."""
        suffix = entry.path.suffix.lower()
        known = any(suffix in kind.suffixes for kind in PictureKind)
        name = self._session.outgoing.name(entry.path.stem)
        start = Path.home() / f"{name}{suffix if known else '.png'}"
        chosen, kind = QFileDialog.getSaveFileName(self._window, "Export a copy", str(start), ";;".join(_KINDS))
        path = Path(chosen)
        if not chosen or any(path.suffix.lower() in kind.suffixes for kind in PictureKind):
            return path if chosen else None
        path = path.with_name(path.name + _KINDS.get(kind, ".png"))
        # The dialogue has asked about the short name alone: nothing is replaced under the longer one.
        number, free = 1, path
        while free.exists():
            number += 1
            free = path.with_stem(f"{path.stem}-{number}")
        return free

    def _folder(self, count: int) -> Path | None:
        title = f"Export copies of {count:,} pictures to a folder"
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(Path.home()))
        return Path(chosen) if chosen else None

    def _write(self, ids: tuple[int, ...], target: Path, choice: ExportChoice) -> None:
        session = self._session
        session.update_settings(
            export_privacy=choice.privacy, export_quality=choice.quality, sign_exports=choice.is_signed
        )
        options = FileOptions(choice.quality, session.outgoing.seal)
        session.history.export.write(CopyOrder(ids, target, choice.privacy, options))

    def _show_progress(self, so_far: Exported) -> None:
        if so_far.total > 1:
            details = f"{so_far.done:,} of {so_far.total:,}"
            self._messages.show_notice("Exporting copies", details, (Stop(self._session.history.export.stop),))

    def _show_end(self, exported: Exported) -> None:
        if exported.error is not None and not exported.written:
            self._messages.dismiss_notice()
            self._messages.show_error(exported.error, ())
        else:
            self._messages.show_notice(*exported_words(exported))


def exported_words(exported: Exported) -> tuple[str, str]:
    """Return what came of an export: in a few words, and what else there is to say."""
    written = exported.written
    if len(written) == 1:
        what = f"Exported as {written[0].name}"
    else:
        what = f"{len(written):,} copies exported" + (f" to {written[0].parent}" if written else "")
    details = list(exported.notes)
    if exported.error is not None:
        details.append(f"{exported.refused:,} could not be: {exported.error}")
    if exported.is_stopped:
        details.append(f"Stopped after {exported.done:,} of {exported.total:,}.")
    return what, " ".join(details)
