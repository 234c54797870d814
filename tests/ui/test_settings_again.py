"""Of a picture's settings the panel takes what is asked for, and leaves the rest as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from studio.domain.found_settings import FoundSettings
from studio.domain.geometry import Size
from studio.domain.settings import Settings
from studio.domain.settings_part import SettingsPart
from studio.services.model_library import ModelLibrary
from studio.ui.panels import PromptPanel
from tests.paper_model import write_paper_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session
    from studio.services.paths import Paths

OTHERS: dict[str, object] = {"steps": 7, "guidance": 3.5}
FOUND = FoundSettings(
    prompt="a red fox", negative_prompt="blurry", steps=7, guidance_scale=3.5, seed=42, size=Size(128, 64)
)
TAKEN: dict[SettingsPart, dict[str, object]] = {
    SettingsPart.PROMPT: {"prompt": "a red fox", "negative_prompt": "blurry"},
    SettingsPart.SEED: {"seed": 42, "seed_locked": True},
    SettingsPart.SIZE: {"width": 128, "height": 64},
}
TAKEN[SettingsPart.ALL] = {name: value for part in TAKEN.values() for name, value in part.items()} | OTHERS


@pytest.mark.parametrize("part", SettingsPart)
def test_only_the_part_that_is_asked_for_is_taken(
    part: SettingsPart, session_of: Callable[..., Session], qtbot: QtBot
) -> None:
    panel = PromptPanel(session_of().models, Settings(prompt="a cat", seed=7))
    qtbot.addWidget(panel)
    before = panel.values
    panel.use(FOUND, part)
    assert panel.values == before | TAKEN[part]


def test_what_is_not_said_stays(session_of: Callable[..., Session], qtbot: QtBot) -> None:
    panel = PromptPanel(session_of().models, Settings(prompt="a cat", seed=7))
    qtbot.addWidget(panel)
    before = panel.values
    for part in (SettingsPart.SEED, SettingsPart.SIZE):
        panel.use(FoundSettings(prompt="a dog"), part)
    assert panel.values == before


def test_a_seed_for_which_the_field_has_no_room_is_not_made_another_one(
    session_of: Callable[..., Session], qtbot: QtBot
) -> None:
    panel = PromptPanel(session_of().models, Settings(prompt="a cat", seed=7))
    qtbot.addWidget(panel)
    before = panel.values
    panel.use(FoundSettings(prompt="a dog", seed=2**32), SettingsPart.SEED)
    assert panel.values == before


def test_each_part_has_a_title() -> None:
    assert [part.title for part in SettingsPart] == ["Use all settings", "Prompt only", "Seed only", "Size only"]


@pytest.mark.parametrize(("named", "taken"), [("paper", "paper"), ("sd15-pruned", "another")])
def test_the_model_is_taken_where_it_is_here(
    named: str, taken: str, session_of: Callable[..., Session], paths: Paths, qtbot: QtBot
) -> None:
    write_paper_model(paths.models, "another")
    session = session_of()
    both = ModelLibrary.of(paths).survey()[0]
    panel = PromptPanel(tuple(model for model in both if model.ref.id in {"paper", "another"}), session.settings)
    qtbot.addWidget(panel)
    panel.restore(Settings(model="another"))
    panel.use(FoundSettings(prompt="a dog", steps=7, model=named))
    assert panel.model is not None
    assert (panel.model.ref.id, panel.values["steps"]) == (taken, 7)
    assert panel.has_model(named) is (named == taken)
