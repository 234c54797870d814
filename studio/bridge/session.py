"""All that a window needs, joined: controllers, models, settings; started once and closed once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.bridge import late_modules
from studio.bridge.arrivals import Arrivals
from studio.bridge.background import Background
from studio.bridge.canvas_generation import CanvasGeneration
from studio.bridge.canvas_store import CanvasStore
from studio.bridge.document_keeper import DocumentKeeper
from studio.bridge.drag_out import DragOut
from studio.bridge.generation import GenerationController
from studio.bridge.history_keeper import HistoryKeeper
from studio.bridge.outgoing import Outgoing
from studio.bridge.picture_routes import PictureRoutes
from studio.bridge.replay_controller import ReplayController
from studio.bridge.settings_keeper import SettingsKeeper
from studio.bridge.tokens import TokenCounts
from studio.bridge.tool_box import ToolBox
from studio.domain.canvas.placing import frame_in
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import StudioError
from studio.domain.geometry import Rect
from studio.domain.picture import Picture
from studio.domain.tools import TOOLS
from studio.services.history_entry import Entry
from studio.services.model_library import ModelLibrary, left_out
from studio.services.provenance import Provenance
from studio.services.signed_sources import SignedSources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue
    from PySide6.QtCore import QMimeData

    from studio.bridge.history_model import HistoryModel
    from studio.bridge.queue_model import QueueModel
    from studio.bridge.worker import EngineFactory
    from studio.domain.model import ModelInfo
    from studio.domain.ports import EngineDescription, Memory
    from studio.domain.settings import Settings
    from studio.services.canvas_document import OpenedDocument
    from studio.services.paths import Paths
    from studio.services.sealing import Seal

MIB: Final = 1024**2
DOCUMENT_FIELDS: Final = frozenset(
    (
        *("prompt", "negative_prompt", "model", "steps", "guidance", "sampler", "schedule", "seed", "seed_locked"),
        *("count", "strength", "mask_strength", "fill", "padding", "soft_mask"),
    )
)
"""Settings that a document's file holds."""
_log = logging.getLogger("sfumato.session")


class Session(QObject):
    """One user at one window.

    Attributes:
        paths: where everything is kept.
        models: what can paint, the starter model first.
        generation: jobs.
        replays: paint pictures of the history again, to compare.
        canvas: the document.
        tool_box: what it is painted on with.
        painting: joins the jobs to the document.
        documents: the document's file.
        provenance: knows how pictures were painted that are on the canvas unchanged.
        drag_out: makes files of what is dragged out of the window.
        arrivals: reads what is dropped and pasted.
        tokens: counts of the prompts' tokens.
        reader: the thread that reads pictures.

    Signals:
        settings_opened: a document brought settings of its own; `settings` has them.
        engine_info_changed: `engine_description` or `memory` has changed.
        picture_opened: a picture of the history was read, with its entry: after `open_picture` and after a start.
        troubled: something beside a job went wrong, in words for the message bar.
        unsaved_changed: how many painted pictures could not be kept; `save_again` tries once more.
    """

    engine_info_changed = Signal()
    settings_opened = Signal()
    picture_opened = Signal(Entry, Picture)
    troubled = Signal(StudioError)
    unsaved_changed = Signal(int)

    def __init__(self, paths: Paths, engine_factory: EngineFactory, parent: QObject | None = None) -> None:
        """Read settings and the list of models, which the first painted window needs; nothing else is touched.

        Args:
            paths: where everything is kept.
            engine_factory: makes the engine, on the engine's thread.
            parent: owns this object.
        """
        super().__init__(parent)
        self._disk = Background("disk", self)
        self.reader = Background("reader", self)
        self._keeper_of_settings = SettingsKeeper(paths.settings, self._disk.run, self)
        self._early_troubles = [error for error in (self._keeper_of_settings.trouble,) if error is not None]
        self.paths = paths = paths.with_pictures(self.settings.pictures_folder)
        self.models: tuple[ModelInfo, ...]
        self.models, broken = ModelLibrary.of(paths).survey()
        if broken:
            # First, for the window shows the last one: trouble with the settings weighs more.
            self._early_troubles.insert(0, left_out(broken))
        self.provenance = Provenance(paths.database, paths.pictures)
        signed = SignedSources(paths.signed_sources)
        template = self.settings.file_name_template
        self._keeper = HistoryKeeper(paths, self._disk, self.reader, self, template=template, seal=self._seal)
        routes = PictureRoutes(self._keeper.keep)
        self.generation = GenerationController(engine_factory, routes.keep, self)
        self.replays = ReplayController(paths, self.models, self.generation, routes, self.reader, self)
        self.canvas = CanvasStore(undo_bytes=self.settings.undo_mib * MIB, parent=self)
        self.tool_box = ToolBox(TOOLS, self)
        self.tool_box.restore(self.settings.tools)
        self.painting = CanvasGeneration(self.canvas, self.generation, self)
        parts = (self.canvas, paths.document, self._disk, self._document_settings, self._frame_in)
        self.documents = DocumentKeeper(*parts, parent=self, signed=signed)
        self.drag_out = DragOut(paths.cache / "drags")
        self.arrivals = Arrivals(self.reader, self.history_model, self, signed=signed)
        self.tokens = TokenCounts(self.reader, self)
        self._description: EngineDescription | None = None
        self._memory: Memory | None = None
        self._is_closed = False
        self._connect_parts()

    @property
    def history(self) -> HistoryKeeper:
        """Every picture ever painted: lists of them, marks, boards, the trash."""
        return self._keeper

    @property
    def history_model(self) -> HistoryModel:
        """The history's rows."""
        return self._keeper.model

    @property
    def queue_model(self) -> QueueModel:
        """The queue's rows."""
        return self.generation.queue_model

    @property
    def settings(self) -> Settings:
        """What is remembered."""
        return self._keeper_of_settings.settings

    @property
    def outgoing(self) -> Outgoing:
        """How pictures leave the window now."""
        return Outgoing.of(self.settings, self.paths, self.provenance)

    @property
    def engine_description(self) -> EngineDescription | None:
        """Where the engine computes; None until it is there."""
        return self._description

    @property
    def memory(self) -> Memory | None:
        """The engine's memory when it was last looked at."""
        return self._memory

    @property
    def unsaved(self) -> int:
        """How many painted pictures could not be kept so far."""
        return self._keeper.unsaved

    @property
    def model(self) -> ModelInfo | None:
        """The model of the settings, or the first one where that is gone; None where there is none at all."""
        named = (model for model in self.models if model.ref.id == self.settings.model)
        return next(named, self.models[0] if self.models else None)

    def start(self) -> None:
        """Start the engine and open the history; called once the window is painted."""
        for error in self._early_troubles:
            self.troubled.emit(error)
        self._early_troubles.clear()
        self.generation.start(self.model.ref if self.model else None)
        self._keeper.open()
        self.documents.restore()
        self._disk.run(late_modules.load)

    def begin_document(self) -> None:
        """Begin an empty document with the frame of the one that is open."""
        frame = self.canvas.state.frame
        self.documents.begin(CanvasState(frame=Rect(0, 0, frame.width, frame.height)))

    def update_settings(self, **changes: object) -> None:
        """Remember something else from now on; saved soon, behind the window.

        Args:
            changes: fields of `Settings` by name.

        Raises:
            ValueError: a field that is not there, or a value out of its range; a programming error.
        """
        self._keeper_of_settings.update(**changes)

    def is_set(self, field: str) -> bool:
        """Tell whether a field of the settings was ever kept, or has its default because nothing was."""
        return self._keeper_of_settings.is_set(field)

    def open_picture(self, entry_id: int) -> None:
        """Read a picture of the history; `picture_opened` brings it."""
        self._keeper.open_picture(entry_id)

    def save_again(self) -> None:
        """Try once more to keep painted pictures that could not be kept."""
        self._keeper.save_again()

    def close(self) -> None:
        """Cancel all jobs, end the engine, finish what is being saved, and save the settings."""
        if self._is_closed:
            return
        self._is_closed = True
        self.generation.close()
        self.arrivals.close()
        self.painting.close()
        self.documents.close()
        self.canvas.close()
        self.drag_out.close()
        self._keeper.close()
        self.reader.close()
        self._disk.close()
        self._keeper_of_settings.close()

    def _connect_parts(self) -> None:
        for model in (self._keeper.model, self._keeper.gallery):
            model.drags = self._dragged
        self._keeper_of_settings.changed.connect(self._on_settings)
        self._disk.failed.connect(self.troubled)
        self.documents.failed.connect(self.troubled)
        self.documents.opened.connect(self._on_document)
        self.documents.restored.connect(self._on_document)
        self.documents.restored.connect(self._show_last_picture)
        self.documents.begun.connect(self._show_last_picture)
        self._keeper.failed.connect(self.troubled)
        self._keeper.unsaved_changed.connect(self.unsaved_changed)
        self._keeper.kept.connect(self._remember_picture)
        self._keeper.picture_opened.connect(self._on_picture_opened)
        self.generation.engine_failed.connect(self.troubled)
        self.generation.engine_described.connect(self._on_described)
        self.generation.memory_changed.connect(self._on_memory)

    def _dragged(self, entries: Sequence[Entry]) -> QMimeData:
        return self.outgoing.dragged(self.drag_out, entries)

    def _document_settings(self) -> dict[str, JsonValue]:
        """Return what belongs into a document's file beside the canvas."""
        return self.settings.model_dump(mode="json", include=set(DOCUMENT_FIELDS))

    def _seal(self) -> Seal:
        from studio.services.credentials_seal import history_seal  # noqa: PLC0415 - loaded once the window is painted

        return history_seal(self.settings, self.paths, self.provenance)

    def _frame_in(self, area: Rect) -> Rect:
        """Return a frame for another program's picture: all of it where the model can paint that, else its middle."""
        multiple, side = (8, 512) if self.model is None else (self.model.extent_multiple, self.model.native_side)
        return frame_in(area, self.canvas.state.frame.size, multiple, side)

    def _on_document(self, opened: OpenedDocument) -> None:
        known = {name: value for name, value in opened.document.settings.items() if name in DOCUMENT_FIELDS}
        try:
            self.update_settings(**known)
        except ValueError:
            _log.warning("the document's settings are left aside", exc_info=True)
            return
        if known:
            self.settings_opened.emit()

    def _show_last_picture(self) -> None:
        """Show what was painted last where there is nothing else to see."""
        if self.settings.last_picture is not None and self.canvas.state.is_blank:
            self.open_picture(self.settings.last_picture)

    def _on_settings(self, fields: frozenset[str]) -> None:
        if fields & DOCUMENT_FIELDS:
            self.documents.note_settings()

    def _remember_picture(self, entry: Entry) -> None:
        self.update_settings(last_picture=entry.id)

    def _on_picture_opened(self, entry: Entry, picture: Picture) -> None:
        self.update_settings(last_picture=entry.id)
        self.picture_opened.emit(entry, picture)

    def _on_described(self, description: EngineDescription) -> None:
        self._description = description
        self.engine_info_changed.emit()

    def _on_memory(self, memory: Memory) -> None:
        self._memory = memory
        self.engine_info_changed.emit()
