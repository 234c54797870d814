"""Tokens are counted as the model's own tokenizer counts them."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers.models.clip.tokenization_clip import CLIPTokenizer

from studio.domain.errors import BrokenModel
from studio.services.token_counter import TokenCounter
from tests.tiny_models import tiny_model

PROMPTS = st.text() | st.lists(st.sampled_from(["red", "fox", "cat's", "3d", ",", "  ", "\n", "Größe", "🦊"])).map(
    " ".join
)


@cache
def counter() -> TokenCounter:
    return TokenCounter(tiny_model())


@cache
def reference() -> CLIPTokenizer:
    return CLIPTokenizer.from_pretrained(tiny_model() / "tokenizer")


@given(PROMPTS)
def test_the_count_is_that_of_transformers(text: str) -> None:
    assert counter().count(text) == len(reference()(text)["input_ids"])


def test_an_empty_prompt_has_the_two_marks() -> None:
    assert counter().count("") == 2


def test_words_of_the_vocabulary_are_one_token_each() -> None:
    assert counter().count("a red fox") == 5


def test_a_long_prompt_is_counted_to_its_end() -> None:
    assert counter().count("fox " * 100) == 102


def test_a_tokenizer_in_one_file_counts_the_same_without_its_truncation(tmp_path: Path) -> None:
    whole = reference().backend_tokenizer
    whole.enable_truncation(8)
    (tmp_path / "tokenizer").mkdir()
    whole.save(str(tmp_path / "tokenizer" / "tokenizer.json"))
    whole.no_truncation()
    assert TokenCounter(tmp_path).count("a red fox " * 9) == 29


def test_half_a_surrogate_pair_is_counted_and_does_not_fail() -> None:
    assert counter().count("fox \ud83e") > 3


@pytest.mark.parametrize("content", [None, "{", '{"a": "b"}'])
def test_a_folder_without_a_vocabulary_is_a_broken_model(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "tokenizer").mkdir()
        (tmp_path / "tokenizer" / "vocab.json").write_text(content)
        (tmp_path / "tokenizer" / "merges.txt").write_text("#version: 0.2\n")
        (tmp_path / "tokenizer" / "tokenizer_config.json").write_text("{}")
    with pytest.raises(BrokenModel, match="vocabulary"):
        TokenCounter(tmp_path)
