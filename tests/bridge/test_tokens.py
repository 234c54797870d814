"""A prompt's tokens are counted behind the window; what was typed over is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from studio.bridge.background import Background
from studio.bridge.tokens import TokenCounts
from studio.services.model_library import read_model
from studio.services.token_counter import TokenCounter
from tests.tiny_models import Tiny, tiny_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from studio.domain.model import ModelInfo


@pytest.fixture
def model() -> ModelInfo:
    return read_model(tiny_model(Tiny.TINY_F8))


@pytest.fixture
def tokens(qtbot: QtBot) -> Iterator[TokenCounts]:
    assert qtbot
    reader = Background("reader")
    yield TokenCounts(reader)
    reader.close()


def test_a_text_is_counted_as_the_model_will_read_it(qtbot: QtBot, tokens: TokenCounts, model: ModelInfo) -> None:
    tokens.set_model(model)
    with qtbot.waitSignal(tokens.counted) as counted:
        tokens.count("prompt", "a red fox")
    assert counted.args == ["prompt", TokenCounter(model.ref.folder).count("a red fox"), model.token_limit]


def test_nothing_is_counted_before_there_is_a_model(qtbot: QtBot, tokens: TokenCounts, model: ModelInfo) -> None:
    tokens.count("prompt", "a red fox")
    with qtbot.waitSignal(tokens.counted) as counted:
        tokens.set_model(model)
    assert counted.args is not None
    assert counted.args[0] == "prompt"


def test_of_a_text_that_is_typed_only_first_and_last_need_counting(
    qtbot: QtBot, tokens: TokenCounts, model: ModelInfo
) -> None:
    seen: list[tuple[str, int]] = []
    tokens.counted.connect(lambda field_name, number, _: seen.append((field_name, number)))
    tokens.set_model(model)
    words = "a red fox on a blue background " * 8
    for length in range(1, len(words)):
        tokens.count("prompt", words[:length])
    last = TokenCounter(model.ref.folder).count(words[: len(words) - 1])
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == ("prompt", last))
    assert len(seen) == 2


def test_both_fields_are_counted(qtbot: QtBot, tokens: TokenCounts, model: ModelInfo) -> None:
    seen: set[str] = set()
    tokens.counted.connect(lambda field_name, *_: seen.add(field_name))
    tokens.set_model(model)
    tokens.count("prompt", "a fox")
    tokens.count("negative_prompt", "a whale")
    qtbot.waitUntil(lambda: seen == {"prompt", "negative_prompt"})
