"""Templates of file names: what they make, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import ValidationError

from studio.domain.errors import InvalidSetting
from studio.domain.file_names import DEFAULT_TEMPLATE, MAX_STEM, check_template, file_stem, portable
from studio.domain.metadata import Metadata
from studio.domain.settings import Settings
from tests.bridge.requests import NOON, image_of, text_request
from tests.fakes import CONDITIONS


def metadata(prompt: str = "a red fox, 3d", seed: int = 7) -> Metadata:
    request = text_request(prompt, seed=seed)
    return Metadata.of(request, image_of(request), CONDITIONS, NOON)


def test_the_default_says_when_what_and_which_seed() -> None:
    assert file_stem(DEFAULT_TEMPLATE, metadata()) == f"{NOON.astimezone():%Y%m%d-%H%M%S}-a-red-fox-3d-7"


def test_an_empty_field_takes_its_mark_along() -> None:
    assert file_stem("{seed}_{prompt}-{steps}", metadata("")) == "7-3"
    assert file_stem("{prompt}", metadata("")) == "picture"


def test_every_field_is_filled_in() -> None:
    template = "{model} {width}x{height} {steps} {task} {index} {seed}"
    assert file_stem(template, metadata()) == "starter 64x32 3 text-to-image 1 7"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{date}-{colour}", "no field {colour}"),
        ("{date", "brace stands alone"),
        ("{{date}}", "brace stands alone"),
        ("{}", "no field {}"),
        ("fox/{seed}", "cannot contain '/'"),
        ("{seed}?", "cannot contain '\\?'"),
        ("fox", "the same name"),
        ("", "the same name"),
        ("{seed}" + "x" * 80, "longer than 80"),
    ],
)
def test_a_template_that_makes_no_names_is_refused(template: str, why: str) -> None:
    with pytest.raises(InvalidSetting, match=why.replace("{", r"\{").replace("}", r"\}")):
        check_template(template)
    with pytest.raises(ValidationError, match="makes no names"):
        Settings(file_name_template=template)


@given(st.text(max_size=200))
@examples(max_examples=100)
def test_a_name_is_one_that_every_system_takes(text: str) -> None:
    stem = portable(text)
    assert stem
    assert len(stem) <= MAX_STEM + 1
    assert not set(stem) & set('\\/:*?"<>|\0\n')
    assert not stem.startswith((".", " "))
    assert not stem.endswith((".", " "))
    assert portable(stem) == stem


@pytest.mark.parametrize("name", ["con", "NUL", "com1", "aux.txt"])
def test_names_of_devices_are_avoided(name: str) -> None:
    assert portable(name) == f"_{name}"
