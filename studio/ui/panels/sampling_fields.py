"""How to paint: steps, guidance, number of pictures, seed; sampler and schedule fold away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from studio.domain.request import MAX_COUNT, MAX_GUIDANCE, MAX_SEED, MAX_STEPS, Sampling, random_seed
from studio.domain.samplers import Sampler, Schedule
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import ROW, SPACE
from studio.ui.widgets.combo_box import ComboBox
from studio.ui.widgets.fold import Fold
from studio.ui.widgets.icon_button import IconButton
from studio.ui.widgets.number_field import NumberField

if TYPE_CHECKING:
    from studio.domain.model import ModelInfo


class SamplingFields(QWidget):
    """The numbers of a request.

    Signals:
        changed: any of them changed.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.steps = NumberField("Steps", 1, MAX_STEPS, usual_high=50)
        self.steps.setToolTip("Denoising steps; each takes the same time, more show more detail")
        self.guidance = NumberField("Guidance", 0, MAX_GUIDANCE, step=0.5, decimals=1, usual_high=15)
        self.guidance.setToolTip(
            "Guidance scale (CFG): how closely the picture follows the prompt. Up to 1 it is off: twice as fast, and "
            "the negative prompt has no effect"
        )
        self.count = NumberField("Pictures", 1, MAX_COUNT, usual_high=8)
        self.count.setToolTip("How many pictures to paint, one after the other, each with the next seed")
        self.seed = SeedField()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self.steps, 0, 0)
        layout.addWidget(self.guidance, 0, 1)
        layout.addWidget(self.seed, 1, 0, 1, 2)
        layout.addWidget(self.count, 2, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)
        for field in (self.steps, self.guidance, self.count):
            field.value_changed.connect(self.changed)
        self.seed.changed.connect(self.changed)

    def follow(self, model: ModelInfo) -> None:
        """Take the model's own numbers as what a double click goes back to."""
        self.steps.default = model.default_steps
        self.guidance.default = model.default_guidance
        self.count.default = 1

    def use_defaults(self) -> None:
        """Take the model's own steps and guidance."""
        self.steps.reset()
        self.guidance.reset()


class SeedField(QWidget):
    """The seed, a dice that draws another one, and a lock that keeps it from picture to picture.

    Signals:
        changed: the seed or the lock changed.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.number = _SeedNumber("Seed", 0, MAX_SEED)
        self.number.setToolTip(
            "The noise to start from: the same seed and settings paint the same picture again. A seed that you set is "
            "kept; unlocked, each Generate draws a new one, and this is the last"
        )
        self._is_drawn_for_next = False
        dice = IconButton(
            Icon.DICE, "New seed", "Draw another seed for the next picture (Ctrl+R)", side=ROW, filled=True
        )
        self._lock = IconButton(
            Icon.UNLOCKED,
            "Keep the seed",
            "Keep this seed; unlocked, each Generate draws a new one (Ctrl+L)",
            side=ROW,
            filled=True,
            checked_icon=Icon.LOCKED,
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self.number, 1)
        layout.addWidget(dice)
        layout.addWidget(self._lock)
        dice.clicked.connect(self.roll)
        self.number.value_changed.connect(self._keep)
        self.number.let_go.connect(self._let_go)
        self._lock.toggled.connect(self.changed)

    @property
    def is_locked(self) -> bool:
        """Whether the seed stays from picture to picture."""
        return self._lock.isChecked()

    def set_locked(self, is_locked: bool) -> None:
        """Keep the seed, or draw a new one for each request."""
        self._lock.setChecked(is_locked)

    def toggle_lock(self) -> None:
        """Lock where it is unlocked, and the other way round."""
        self._lock.toggle()

    def restore(self, seed: int, *, is_locked: bool) -> None:
        """Show what was remembered; a seed that was never drawn is no number to people."""
        self.number.set_value(seed)
        self.set_locked(is_locked)
        if seed == 0 and not is_locked:
            self._let_go()

    def roll(self) -> None:
        """Draw another seed, which the next request takes."""
        self._draw()
        self._is_drawn_for_next = True

    def next_seed(self) -> int:
        """Return the seed of the next request: the one that is shown where it was chosen, else a new one."""
        if not self.is_locked and not self._is_drawn_for_next:
            self._draw()
        self._is_drawn_for_next = False
        return int(self.number.value)

    def _draw(self) -> None:
        was_locked = self.is_locked
        self.number.set_value(random_seed())
        self.set_locked(was_locked)

    def _let_go(self) -> None:
        self._is_drawn_for_next = False
        self.set_locked(False)
        self.number.show_word("random")

    def _keep(self) -> None:
        # Who sets a seed wants that one, and would be surprised by another.
        self.set_locked(True)
        self.changed.emit()


class _SeedNumber(NumberField):
    """A number whose default is none at all.

    Signals:
        let_go: it was reset.
    """

    let_go = Signal()

    @override
    def reset(self) -> None:
        self.let_go.emit()


class SamplerFold(Fold):
    """Sampler and schedule, which few people change.

    Signals:
        changed: either changed.
    """

    changed = Signal()

    def __init__(self) -> None:
        content = QWidget()
        super().__init__("Sampler", "Sampler and schedule: how the noise is taken away", content)
        self._sampler = ComboBox("Sampler")
        self._sampler.setToolTip("How the noise is taken away, step by step")
        self._sampler.addItem("Model's own sampler", None)
        for sampler in Sampler:
            self._sampler.addItem(sampler.title, sampler)
        self._schedule = ComboBox("Schedule")
        self._schedule.setToolTip("How the noise levels are spaced over the steps")
        self._schedule.addItem("Sampler's own schedule", None)
        for schedule in Schedule:
            self._schedule.addItem(schedule.title, schedule)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._sampler)
        layout.addWidget(self._schedule)
        for box in (self._sampler, self._schedule):
            box.currentIndexChanged.connect(self._sum_up)
        self._sum_up()

    @property
    def sampler(self) -> Sampler | None:
        """What was chosen; None for the model's own."""
        data = self._sampler.currentData()
        return data if isinstance(data, Sampler) else None

    @property
    def schedule(self) -> Schedule | None:
        """What was chosen; None for the sampler's own."""
        data = self._schedule.currentData()
        return data if isinstance(data, Schedule) else None

    def choose(self, sampler: Sampler | None, schedule: Schedule | None) -> None:
        """Show another choice."""
        self._sampler.choose(sampler)
        self._schedule.choose(schedule)

    def _sum_up(self) -> None:
        chosen = [choice.title for choice in (self.sampler, self.schedule) if choice is not None]
        self.set_summary(" · ".join(chosen) or "the model's own")
        self.changed.emit()


def sampling_of(fields: SamplingFields, fold: SamplerFold, seed: int) -> Sampling:
    """Return what the fields say, with a seed.

    Raises:
        InvalidSetting: a number outside its range.
    """
    return Sampling(
        steps=int(fields.steps.value),
        guidance_scale=float(fields.guidance.value),
        seed=seed,
        sampler=fold.sampler,
        schedule=fold.schedule,
    )
