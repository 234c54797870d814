"""The one window: prompt panel, canvas, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QStyle, QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

from studio.bridge.layer_edits import LayerEdits
from studio.domain.settings_part import SettingsPart
from studio.ui import menus
from studio.ui.actions import build_actions, studio_actions
from studio.ui.canvas_commands import CanvasCommands
from studio.ui.canvas_display import CanvasDisplay, ProposalsAside
from studio.ui.commands import Commands, WindowCommands
from studio.ui.document_display import DocumentDisplay
from studio.ui.edit_titles import EditTitles
from studio.ui.file_commands import FileCommands
from studio.ui.frame_size import FrameSize
from studio.ui.gallery import HistoryStrip
from studio.ui.history_commands import HistoryCommands
from studio.ui.history_display import HistoryDisplay
from studio.ui.history_undoing import UndoneNotice
from studio.ui.import_display import ImportDisplay
from studio.ui.intake import Intake
from studio.ui.job_display import JobDisplay
from studio.ui.message_bar import MessageBar
from studio.ui.panels import PANELS, LayersPanel, PromptPanel
from studio.ui.picture_notices import PictureNotices
from studio.ui.picture_rooms import PictureRooms
from studio.ui.rooms import Room
from studio.ui.status_line import StatusLine
from studio.ui.token_display import TokenDisplay
from studio.ui.way_out_taker import WayOutTaker
from studio.ui.ways_out import CancelFetch, fetch_progress, pictures_at_stake
from studio.ui.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QPaintEvent

    from studio.bridge.session import Session
    from studio.domain.errors import StudioError
    from studio.domain.found_settings import FoundSettings

FIRST_SIZE: Final = QSize(1280, 800)
LEAST_SIZE: Final = QSize(880, 560)
_COLUMNS: Final = (336, 704, 240)


class MainWindow(QMainWindow):
    """Joins the widgets to the session and to each other.

    Attributes:
        prompt_panel: left.
        workspace: in the middle.
        canvas: in it.
        messages: above the canvas.
        history: right, in a tab.
        side: the tabs at the right.
        looking: the rooms for looking at pictures.
        status: at the foot.
        commands: what the actions do.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._is_painted = self._is_warned = False
        self._headline = ""
        self.prompt_panel = PromptPanel(session.models, session.settings)
        self.messages = MessageBar()
        self.workspace = Workspace(session, self.messages)
        self.canvas = self.workspace.canvas
        self.history = HistoryStrip(session.history_model)
        self.status = StatusLine()
        self.side = QTabWidget()
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self.looking = PictureRooms(session, self._columns, self.history, self.messages, _build_room)
        self.setWindowTitle("Sfumato")
        self.setMinimumSize(LEAST_SIZE)
        self._lay_out()
        self._display = JobDisplay(session.generation, self.prompt_panel, self.status, self.messages)
        self._tokens = TokenDisplay(session.tokens, self.prompt_panel)
        CanvasDisplay(session.generation, session.painting, self.canvas)
        ProposalsAside(session.canvas, session.painting.proposals, self.canvas)
        self._history_display = HistoryDisplay(session, self.history)
        self._notices = PictureNotices(session, self.looking)
        UndoneNotice(session.history.undo, self.messages)
        ImportDisplay(session.history.changes.intake, self.messages, self.looking.rooms)
        FrameSize(self.prompt_panel.size_fields, session.canvas)
        self._intake = Intake(session, self)
        self.commands = self._build_commands()
        WayOutTaker(session, self.prompt_panel, self.messages, self.commands)
        DocumentDisplay(session, self.status, self.messages)
        actions = build_actions(self, self.commands)
        self.addActions(list(actions.values()))
        menus.fill(self.menuBar(), actions)
        actions[f"theme-{session.settings.theme}"].setChecked(True)
        self._edit_titles = EditTitles(session.canvas, actions)
        self._studio_actions = studio_actions(actions)
        self._connect()
        self._connect_canvas()
        self._restore()

    @override
    def sizeHint(self) -> QSize:
        # The title bar is the desktop's and has no height before it is there: the style's guess stands in for it.
        title_bar = QSize(0, self.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight))
        return FIRST_SIZE.boundedTo(self.screen().availableSize() - title_bar).expandedTo(LEAST_SIZE)

    @override
    def closeEvent(self, event: QCloseEvent, /) -> None:
        if (unsaved := self._session.unsaved) and not self._is_warned:
            self._is_warned = True
            self._display.show_error(pictures_at_stake(unsaved))
            event.ignore()
            return
        self._session.update_settings(
            geometry=self.saveGeometry().toBase64().toStdString(), tools=self._session.tool_box.settings
        )
        # A hidden column has no width to come back with.
        if all(sizes := self._columns.sizes()):
            self._session.update_settings(splitter_sizes=tuple(sizes))
        super().closeEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            # Counting reads the model's vocabulary: not before there is something to see.
            QTimer.singleShot(0, self._tokens.count)

    def _build_commands(self) -> Commands:
        session, display, looking = self._session, self._display, self.looking
        return Commands(
            WindowCommands(self, session, self.prompt_panel, self.canvas, self.side, self.messages, display, looking),
            CanvasCommands(session.canvas, LayerEdits(session.canvas), session.painting),
            FileCommands(self, session, self._intake, self.workspace.drop_zones, self.messages),
            HistoryCommands(self, session.history.changes.intake),
        )

    def _lay_out(self) -> None:
        self.side.setDocumentMode(True)
        self.side.tabBar().setDrawBase(False)
        self.side.addTab(self.history, "History")
        for row in PANELS:
            panel = row.build(self._session)
            panel.setObjectName(row.id)
            self.side.addTab(panel, row.title)
        self.side.setMinimumWidth(168)
        for widget in (self.prompt_panel, self.workspace, self.side):
            self._columns.addWidget(widget)
        self._columns.setStretchFactor(1, 1)
        self._columns.setHandleWidth(2)
        self._columns.setChildrenCollapsible(False)
        ground = QWidget()
        layout = QVBoxLayout(ground)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.looking.rooms, 1)
        layout.addWidget(self.status)
        self.setCentralWidget(ground)

    def _restore(self) -> None:
        settings = self._session.settings
        self.resize(self.sizeHint())
        self._columns.setSizes(list(settings.splitter_sizes or _COLUMNS))
        if settings.geometry:
            self.restoreGeometry(QByteArray.fromBase64(settings.geometry.encode()))
        model = self.prompt_panel.model
        is_another = model is not None and model.ref.id != settings.model
        if is_another or not self._session.is_set("steps"):
            self.prompt_panel.use_model_defaults()
        self._follow_model()
        self.workspace.tool_bar.colours.restore(settings.recent_colours)
        if settings.last_picture is not None:
            self.canvas.wait()
        if not settings.prompt and model is not None and model.examples:
            self.prompt_panel.write(model.examples[0])
        self.prompt_panel.setVisible(settings.prompt_panel_shown)
        self.side.setVisible(settings.side_panel_shown)
        if settings.prompt_panel_shown:
            self.commands.window.focus_prompt()
        else:
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        panel, session = self.prompt_panel, self._session
        panel.generate_requested.connect(self.commands.window.generate)
        panel.cancel_requested.connect(self.commands.window.cancel)
        panel.changed.connect(self._remember)
        panel.model_changed.connect(self._follow_model)
        self.canvas.example_chosen.connect(panel.write)
        self.canvas.zoom_changed.connect(self.status.show_zoom)
        self._display.headline_changed.connect(self._show_headline)
        self.looking.canvas_wanted.connect(self._history_display.look_at)
        self.looking.settings_wanted.connect(self._use_settings)
        self.looking.rooms.entered.connect(self._on_room)
        self._notices.settings_wanted.connect(self._use_settings)
        self._intake.recognised.connect(self._notices.say_recognised)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        session.troubled.connect(self._on_troubled)
        session.unsaved_changed.connect(self._on_unsaved)
        session.queue_model.rowsInserted.connect(self._count_queue)
        session.queue_model.rowsRemoved.connect(self._count_queue)

    def _connect_canvas(self) -> None:
        panel, session, zones = self.prompt_panel, self._session, self.workspace.drop_zones
        layers = cast("LayersPanel", self.side.findChild(LayersPanel))
        layers.mask_shown.connect(self.canvas.show_mask)
        layers.done.connect(self.canvas.setFocus)
        self.workspace.tool_bar.recent_changed.connect(self._remember_colours)
        panel.canvas_fields.kind.picked.connect(session.painting.frame.force)
        session.painting.frame.ask_changed.connect(panel.canvas_fields.show_ask)
        session.painting.refused.connect(self._display.show_error)
        session.canvas.refused.connect(self._display.show_error)
        zones.watch(self)
        zones.dropped.connect(self._intake.take)
        zones.failed.connect(self._display.show_error)
        self._intake.failed.connect(self._display.show_error)
        self._intake.said.connect(self.messages.show_notice)
        self._intake.settings_found.connect(panel.use)
        self._intake.document_wanted.connect(self.commands.files.open_path)
        session.settings_opened.connect(self._take_settings)
        session.documents.file_changed.connect(self._show_title)
        session.arrivals.fetching.connect(self._show_fetch)
        session.arrivals.fetch_ended.connect(self.messages.dismiss_notice)

    def _show_headline(self, headline: str) -> None:
        self._headline = headline
        self._show_title()

    def _show_title(self) -> None:
        # The task bar of the system shows the title.
        documents = self._session.documents
        name = "" if documents.path is None else f"{documents.path.stem}[*]"
        self.setWindowTitle(" - ".join(filter(None, (self._headline, name, "Sfumato"))))
        self.setWindowModified(bool(name) and documents.is_modified)

    def _on_room(self, room: Room) -> None:
        # What is not seen must not change: Ctrl+Z in the gallery would undo a stroke.
        for action in self._studio_actions:
            action.setEnabled(room is Room.STUDIO)
        self.status.show_zoom(self.canvas.zoom if room is Room.STUDIO else 0.0)
        if room is Room.STUDIO:
            self._edit_titles.show()

    def _use_settings(self, found: FoundSettings, part: SettingsPart) -> None:
        self.prompt_panel.use(found, part)
        is_missing = part is SettingsPart.ALL and not self.prompt_panel.has_model(found.model)
        self._notices.say_taken(part, found.model if is_missing else "")

    def _take_settings(self) -> None:
        self.prompt_panel.restore(self._session.settings)
        self._follow_model()
        self._tokens.count()

    def _show_fetch(self, url: str, received: int, total: int) -> None:
        progress = fetch_progress(url, received, total)
        self.messages.show_notice("Fetching a picture", progress, (CancelFetch(),))
        # Also where a failure that waits for an answer keeps the message bar.
        self.status.show_activity(f"Fetching {progress}")

    def _follow_system(self) -> None:
        if self._session.settings.theme == "system":
            self.commands.window.wear("system")

    def _remember(self) -> None:
        self._session.update_settings(**self.prompt_panel.values)

    def _remember_colours(self) -> None:
        self._session.update_settings(recent_colours=self.workspace.tool_bar.colours.recent)

    def _follow_model(self) -> None:
        model = self.prompt_panel.model
        self.canvas.offer_examples(model.examples if model is not None else ())
        if model is not None:
            self.canvas.navigation.extent_multiple = model.extent_multiple

    def _on_troubled(self, error: StudioError) -> None:
        self._display.show_error(error)
        if self.canvas.image is None and not self._display.is_painting:
            self.canvas.clear()

    def _on_unsaved(self, count: int) -> None:
        self._display.unsaved = count
        self._is_warned = False

    def _count_queue(self) -> None:
        waiting = self._session.queue_model.rowCount()
        queue = cast("QWidget", self.side.findChild(QWidget, "queue"))
        self.side.setTabText(self.side.indexOf(queue), f"Queue {waiting}" if waiting else "Queue")


def _build_room(session: Session, looking: PictureRooms, room: Room) -> QWidget:
    from studio.ui import room_building  # noqa: PLC0415 - fifty modules, which the window's start need not wait for

    return room_building.build(session, looking, room)
