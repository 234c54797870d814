"""The one window: prompt panel, canvas, history."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QStyle, QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

from studio.bridge.images import to_qimage
from studio.domain.request import TextToImage, new_job_id
from studio.ui import menus
from studio.ui.actions import build_actions
from studio.ui.canvas import CanvasView
from studio.ui.commands import WindowCommands
from studio.ui.gallery import HistoryStrip
from studio.ui.job_display import JobDisplay
from studio.ui.message_bar import MessageBar
from studio.ui.panels import PANELS, PromptPanel
from studio.ui.status_line import StatusLine
from studio.ui.ways_out import SaveAgain, TryAgain, UseSize, WayOut, pictures_at_stake

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QPaintEvent

    from studio.bridge.session import Session
    from studio.domain.errors import StudioError
    from studio.domain.picture import Picture
    from studio.services.history import Entry

FIRST_SIZE: Final = QSize(1280, 800)
LEAST_SIZE: Final = QSize(880, 560)
_COLUMNS: Final = (336, 704, 240)
_PROMPT: Final = "prompt"
_NEGATIVE_PROMPT: Final = "negative_prompt"


class MainWindow(QMainWindow):
    """Joins the widgets to the session and to each other.

    Attributes:
        prompt_panel: left.
        canvas: in the middle.
        messages: above the canvas.
        history: right, in a tab.
        side: the tabs at the right.
        status: at the foot.
        commands: what the actions do.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._is_painted = self._is_warned = False
        self._wanted: int | None = session.settings.last_picture
        self.prompt_panel = PromptPanel(session.models, session.settings)
        self.canvas = CanvasView()
        self.history = HistoryStrip(session.history_model)
        self.messages = MessageBar()
        self.status = StatusLine()
        self.side = QTabWidget()
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self.setWindowTitle("Sfumato")
        self.setMinimumSize(LEAST_SIZE)
        self._lay_out()
        self._display = JobDisplay(session.generation, self.prompt_panel, self.canvas, self.status, self.messages)
        self.commands = WindowCommands(
            self, session, self.prompt_panel, self.canvas, self.side, self.messages, self._display
        )
        actions = build_actions(self, self.commands)
        self.addActions(list(actions.values()))
        menus.fill(self.menuBar(), actions)
        actions[f"theme-{session.settings.theme}"].setChecked(True)
        self._connect()
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
        self._session.update_settings(geometry=self.saveGeometry().toBase64().toStdString())
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
            QTimer.singleShot(0, self._count_tokens)

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.canvas, 1)
        self.side.setDocumentMode(True)
        self.side.tabBar().setDrawBase(False)
        self.side.addTab(self.history, "History")
        for row in PANELS:
            self.side.addTab(row.build(self._session), row.title)
        self.side.setMinimumWidth(168)
        for widget in (self.prompt_panel, middle, self.side):
            self._columns.addWidget(widget)
        self._columns.setStretchFactor(1, 1)
        self._columns.setHandleWidth(2)
        self._columns.setChildrenCollapsible(False)
        ground = QWidget()
        layout = QVBoxLayout(ground)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._columns, 1)
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
        examples = model.examples if model is not None else ()
        self.canvas.offer_examples(examples)
        if settings.last_picture is not None:
            self.canvas.wait()
        if not settings.prompt and examples:
            self.prompt_panel.write(examples[0])
        self.prompt_panel.setVisible(settings.prompt_panel_shown)
        self.side.setVisible(settings.side_panel_shown)
        if settings.prompt_panel_shown:
            self.commands.focus_prompt()
        else:
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        panel, session = self.prompt_panel, self._session
        panel.generate_requested.connect(self.commands.generate)
        panel.cancel_requested.connect(self.commands.cancel)
        panel.changed.connect(self._remember)
        panel.model_changed.connect(self._follow_model)
        panel.texts_changed.connect(self._count_tokens)
        self.canvas.example_chosen.connect(panel.write)
        self.canvas.zoom_changed.connect(self.status.show_zoom)
        self.messages.way_out_chosen.connect(self._take_way_out)
        self.history.entry_chosen.connect(self._look_at)
        self._display.headline_changed.connect(self._show_headline)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        session.history_model.added.connect(self._on_added)
        session.history_model.modelReset.connect(self._mark_wanted)
        session.generation.started.connect(self._follow_job)
        session.picture_opened.connect(self._on_picture_opened)
        session.troubled.connect(self._on_troubled)
        session.unsaved_changed.connect(self._on_unsaved)
        session.tokens.counted.connect(self._show_count)
        session.queue_model.rowsInserted.connect(self._count_queue)
        session.queue_model.rowsRemoved.connect(self._count_queue)

    def _show_headline(self, headline: str) -> None:
        # The task bar of the system shows the title.
        self.setWindowTitle(f"{headline} - Sfumato" if headline else "Sfumato")

    def _follow_system(self) -> None:
        if self._session.settings.theme == "system":
            self.commands.wear("system")

    def _remember(self) -> None:
        self._session.update_settings(**self.prompt_panel.values)

    def _follow_model(self) -> None:
        model = self.prompt_panel.model
        self.canvas.offer_examples(model.examples if model is not None else ())

    def _count_tokens(self) -> None:
        panel, tokens = self.prompt_panel, self._session.tokens
        if panel.model is not None:
            tokens.set_model(panel.model)
        tokens.count(_PROMPT, panel.prompt.text)
        tokens.count(_NEGATIVE_PROMPT, panel.negative_prompt.text)

    def _show_count(self, field: str, tokens: int, limit: int) -> None:
        text = self.prompt_panel.prompt if field == _PROMPT else self.prompt_panel.negative_prompt
        text.show_count(tokens if text.text else None, limit)

    def _take_way_out(self, way: WayOut) -> None:
        match way:
            case SaveAgain():
                self._session.save_again()
            case TryAgain(request):
                self._session.generation.submit(replace(request, job_id=new_job_id()))
            case UseSize(size, request):
                self.prompt_panel.size_fields.set_size(size)
                if isinstance(request, TextToImage):
                    smaller = replace(request, job_id=new_job_id(), width=size.width, height=size.height)
                    self._session.generation.submit(smaller)
                else:
                    self.commands.generate()

    def _look_at(self, entry: Entry) -> None:
        self._wanted = entry.id
        self._session.open_picture(entry.id)

    def _on_picture_opened(self, entry: Entry, picture: Picture) -> None:
        if entry.id == self._wanted:
            self._display.look_at(to_qimage(picture), entry.prompt)
            self._mark_wanted()

    def _on_added(self, entry: Entry) -> None:
        self._wanted = entry.id
        self._mark_wanted()

    def _follow_job(self) -> None:
        # A picture that is still being read must not cover the one that begins now.
        self._wanted = None

    def _mark_wanted(self) -> None:
        row = None if self._wanted is None else self._session.history_model.row_of(self._wanted)
        if row is not None:
            self.history.choose(row)

    def _on_troubled(self, error: StudioError) -> None:
        self._display.show_error(error)
        if self.canvas.image is None and not self._display.is_painting:
            self.canvas.clear()

    def _on_unsaved(self, count: int) -> None:
        self._display.unsaved = count
        self._is_warned = False

    def _count_queue(self) -> None:
        waiting = self._session.queue_model.rowCount()
        self.side.setTabText(1, f"Queue {waiting}" if waiting else "Queue")
