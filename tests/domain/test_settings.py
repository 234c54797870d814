"""Settings explain themselves and hold only what makes sense."""

import pytest
from pydantic import ValidationError

from studio.domain.samplers import Sampler
from studio.domain.settings import Settings


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_field_has_a_title_and_a_help(name: str) -> None:
    field = Settings.model_fields[name]
    assert field.title
    assert field.description
    assert field.description.endswith(".")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"),
        ("width", 0),
        ("height", 100_000),
        ("steps", 0),
        ("guidance", float("nan")),
        ("guidance", -1),
        ("seed", 2**32),
        ("count", 101),
        ("sampler", "magic"),
        ("splitter_sizes", (-1,)),
        ("last_picture", 0),
    ],
)
def test_a_value_out_of_range_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({name: value})
    assert refused.value.errors()[0]["loc"][0] == name


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        Settings().steps = 3


def test_settings_come_back_from_json() -> None:
    settings = Settings(prompt="fuchs ü 🦊", sampler=Sampler.EULER_A, splitter_sizes=(300, 700), last_picture=4)
    assert Settings.model_validate_json(settings.model_dump_json()) == settings
