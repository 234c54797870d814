"""The prompt panel: what to paint, with which model, how large and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from studio.domain.errors import UnknownModel
from studio.domain.framing import Frame, FrameKind, FrameSettings, request_of
from studio.domain.geometry import Size
from studio.domain.request import MAX_SEED
from studio.domain.settings_part import SettingsPart
from studio.ui.panels.canvas_fields import CanvasFields
from studio.ui.panels.prompt_fields import ExamplesButton, PromptText
from studio.ui.panels.sampling_fields import SamplerFold, SamplingFields, sampling_of
from studio.ui.panels.size_fields import SizeFields
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import SPACE
from studio.ui.widgets.combo_box import ComboBox
from studio.ui.widgets.generate_button import GenerateButton
from studio.ui.widgets.icon_button import IconButton
from studio.ui.widgets.scrolled_column import ScrolledColumn

if TYPE_CHECKING:
    from studio.domain.found_settings import FoundSettings
    from studio.domain.model import ModelInfo
    from studio.domain.request import GenerationRequest
    from studio.domain.settings import Settings
    from studio.ui.pace import Pace

_EDGE = 3 * SPACE


class PromptPanel(QWidget):
    """Everything a request is made of, and the button that sends it off.

    Signals:
        generate_requested: the user wants what is written here painted.
        cancel_requested: the user wants the running picture stopped.
        changed: something that is remembered changed.
        texts_changed: prompt or negative prompt changed, or the model that counts them.
        model_changed: the `ModelInfo` that was chosen.
    """

    generate_requested = Signal()
    cancel_requested = Signal()
    changed = Signal()
    texts_changed = Signal()
    model_changed = Signal(object)

    def __init__(self, models: tuple[ModelInfo, ...], settings: Settings) -> None:
        super().__init__()
        self._models = models
        self.prompt = PromptText(
            "Prompt", "What to paint", "Describe the picture in a few words; the first ones weigh most", lines=4
        )
        self.negative_prompt = PromptText(
            "Negative prompt",
            "What to avoid",
            "What should not be in the picture; works with guidance above 1",
            lines=2,
        )
        self.prompt.edit.setObjectName("prompt")
        self._examples = ExamplesButton()
        self.prompt.heading.insertWidget(1, self._examples)
        self.canvas_fields = CanvasFields()
        self._model = ComboBox("Model")
        self._model.setToolTip("What paints the picture")
        for model in models:
            self._model.addItem(model.title, model.ref.id)
        self.size_fields = SizeFields()
        self.sampling_fields = SamplingFields()
        self._sampler_fold = SamplerFold()
        self.button = GenerateButton()
        self._more = IconButton(
            Icon.ADD, "Add to the queue", "Paint this too, afterwards (Ctrl+Enter)", side=44, filled=True
        )
        self._more.hide()
        self._lay_out()
        self.restore(settings)
        self._connect()

    @property
    def model(self) -> ModelInfo | None:
        """What is chosen to paint; None where there is no model at all."""
        index = self._model.currentIndex()
        return self._models[index] if 0 <= index < len(self._models) else None

    @property
    def values(self) -> dict[str, object]:
        """What is remembered of this panel, by the names of the settings' fields."""
        size = self.size_fields.size_in_pixels
        return {
            "prompt": self.prompt.text,
            "negative_prompt": self.negative_prompt.text,
            "model": str(self._model.currentData() or ""),
            "width": size.width,
            "height": size.height,
            "steps": int(self.sampling_fields.steps.value),
            "guidance": float(self.sampling_fields.guidance.value),
            "sampler": self._sampler_fold.sampler,
            "schedule": self._sampler_fold.schedule,
            "seed": int(self.sampling_fields.seed.number.value),
            "seed_locked": self.sampling_fields.seed.is_locked,
            "count": int(self.sampling_fields.count.value),
            **self.canvas_fields.values,
        }

    def frame_settings(self) -> FrameSettings:
        """Return what the panel asks for, its seed resolved; the frame and `strengths` say the rest.

        Raises:
            UnknownModel: there is no model.
            InvalidRequest: a size that the model cannot paint, or a number outside its range.
        """
        model = self.model
        if model is None:
            raise UnknownModel(
                "There is no model to paint with", "none was found on this machine", "Set Sfumato up again"
            )
        size = self.size_fields.size_in_pixels
        model.check_size(size.width, size.height)
        return FrameSettings(
            model=model.ref,
            prompt=self.prompt.text,
            negative_prompt=self.negative_prompt.text,
            count=int(self.sampling_fields.count.value),
            sampling=sampling_of(self.sampling_fields, self._sampler_fold, self.sampling_fields.seed.next_seed()),
            method=self.canvas_fields.method,
        )

    def request(self) -> GenerationRequest:
        """Return what the panel asks for where there is nothing but the prompt; raises what `frame_settings` does."""
        return request_of(FrameKind.TEXT, Frame(self.size_fields.size_in_pixels), self.frame_settings())

    def write(self, prompt: str) -> None:
        """Put a prompt into its field, selected, so that typing replaces it."""
        self.prompt.set_text(prompt)
        self.prompt.edit.selectAll()
        self.prompt.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def has_model(self, model_id: str) -> bool:
        """Tell whether a model of this name is on this machine."""
        return self._model.findData(model_id) >= 0

    def use(self, found: FoundSettings, part: SettingsPart = SettingsPart.ALL) -> None:
        """Take what a picture says of how it was painted, or a part of that; what it does not say stays as it is."""
        if part is SettingsPart.ALL and self.has_model(found.model):
            # First, for it brings its own size and steps along.
            self._model.choose(found.model)
        if part in {SettingsPart.ALL, SettingsPart.PROMPT}:
            self.prompt.set_text(found.prompt)
            self.negative_prompt.set_text(found.negative_prompt)
        if part in {SettingsPart.ALL, SettingsPart.SIZE} and found.size is not None:
            self.size_fields.set_size(found.size)
        # ComfyUI draws seeds for which the field has no room; another one in their place would be a lie.
        if part in {SettingsPart.ALL, SettingsPart.SEED} and found.seed is not None and found.seed <= MAX_SEED:
            # Kept, for else the next press would draw another one.
            self.sampling_fields.seed.restore(found.seed, is_locked=True)
        if part is SettingsPart.ALL:
            self._use_sampling(found)
        self.changed.emit()
        self.texts_changed.emit()

    def use_model_defaults(self) -> None:
        """Take size, steps and guidance that the model's card suggests."""
        self.size_fields.use_native_size()
        self.sampling_fields.use_defaults()

    def show_painting(self, pace: Pace, *, is_stopping: bool) -> None:
        """Turn the button into *Cancel*, filled as far as the job is."""
        self.button.show_painting(pace.share, pace.headline, is_stopping=is_stopping)
        self._more.show()

    def show_idle(self) -> None:
        """Turn the button back into *Generate*."""
        self.button.show_idle()
        self._more.hide()

    @override
    def sizeHint(self) -> QSize:
        return QSize(336, 640)

    def _lay_out(self) -> None:
        # The columns' names stand inside the fields, so the panel is one straight column.
        settings = QWidget()
        settings.setObjectName("settings")
        column = QVBoxLayout(settings)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        column.setSpacing(2 * SPACE)
        column.addWidget(self.prompt, 3)
        column.addWidget(self.negative_prompt, 1)
        column.addSpacing(SPACE)
        column.addWidget(self.canvas_fields)
        column.addWidget(self._model)
        column.addWidget(self.size_fields)
        column.addWidget(self.sampling_fields)
        column.addWidget(self._sampler_fold)
        for part in (self.canvas_fields, self.size_fields, self.sampling_fields, self._sampler_fold):
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        foot = QHBoxLayout()
        foot.setContentsMargins(_EDGE, 2 * SPACE, _EDGE, _EDGE)
        foot.setSpacing(SPACE)
        foot.addWidget(self.button, 1)
        foot.addWidget(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(ScrolledColumn(settings, column), 1)
        layout.addLayout(foot)
        layout.addStretch()
        self.setMinimumWidth(288)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)

    def restore(self, settings: Settings) -> None:
        """Show what was remembered, or what a document brought."""
        # Another model would bring its own size and steps.
        with QSignalBlocker(self._model):
            self._model.choose(settings.model)
        self._follow_model()
        self.prompt.set_text(settings.prompt)
        self.negative_prompt.set_text(settings.negative_prompt)
        self.size_fields.set_size(Size(settings.width, settings.height))
        self.sampling_fields.steps.set_value(settings.steps)
        self.sampling_fields.guidance.set_value(settings.guidance)
        self.sampling_fields.count.set_value(settings.count)
        self.sampling_fields.seed.restore(settings.seed, is_locked=settings.seed_locked)
        self._sampler_fold.choose(settings.sampler, settings.schedule)
        self.canvas_fields.restore(settings)

    def _connect(self) -> None:
        self.button.clicked.connect(self._press)
        self._more.clicked.connect(self.generate_requested)
        self._examples.chosen.connect(self.write)
        self._model.currentIndexChanged.connect(self._take_model)
        for text in (self.prompt, self.negative_prompt):
            text.edited.connect(self.texts_changed)
            text.edited.connect(self.changed)
        for part in (self.canvas_fields, self.size_fields, self.sampling_fields, self._sampler_fold):
            part.changed.connect(self.changed)

    def _use_sampling(self, found: FoundSettings) -> None:
        fields = self.sampling_fields
        if found.steps is not None:
            fields.steps.set_value(found.steps)
        if found.guidance_scale is not None:
            fields.guidance.set_value(found.guidance_scale)
        self._sampler_fold.choose(found.sampler, found.schedule)

    def _press(self) -> None:
        if self.button.is_painting:
            self.cancel_requested.emit()
        else:
            self.generate_requested.emit()

    def _take_model(self) -> None:
        self._follow_model()
        self.use_model_defaults()
        self.changed.emit()
        self.texts_changed.emit()
        self.model_changed.emit(self.model)

    def _follow_model(self) -> None:
        if (model := self.model) is not None:
            self.size_fields.follow(model)
            self.sampling_fields.follow(model)
            self._examples.offer(model.examples)
        else:
            self._examples.offer(())
