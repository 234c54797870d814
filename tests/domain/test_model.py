"""Sizes, families and names."""

from pathlib import Path

import diffusers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.errors import InvalidSize
from studio.domain.families import FAMILIES, Family, family_of
from studio.domain.geometry import ASPECTS, Aspect, size_for, snap
from studio.domain.model import ModelInfo
from studio.domain.request import ModelRef
from studio.domain.samplers import Sampler, Schedule


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_every_pipeline_of_a_family_exists_and_leads_back_to_it(family: Family) -> None:
    for name in family.pipelines.values():
        assert hasattr(diffusers, name)
        assert family_of(name) is family
    assert family.denoiser in family.components


def test_a_pipeline_nobody_knows_has_no_family() -> None:
    assert family_of("SystemPipeline") is None


@pytest.mark.parametrize("names", [Sampler, Schedule])
def test_every_name_has_a_title_of_its_own(names: type[Sampler] | type[Schedule]) -> None:
    titles = [member.title for member in names]
    assert len(set(titles)) == len(titles)


@given(st.sampled_from(ASPECTS), st.integers(64, 2048), st.sampled_from([8, 16, 32, 64]))
def test_a_preset_is_paintable_and_near_its_shape(aspect: Aspect, side: int, multiple: int) -> None:
    size = size_for(aspect, side, multiple)
    assert size.width % multiple == size.height % multiple == 0
    assert abs(size.width - side * aspect.ratio**0.5) <= max(multiple / 2, multiple - side)
    assert abs(size.height - side / aspect.ratio**0.5) <= max(multiple / 2, multiple)


@given(st.floats(0, 10_000), st.integers(1, 128))
def test_snapping_twice_changes_nothing(value: float, multiple: int) -> None:
    once = snap(value, multiple)
    assert once > 0
    assert snap(once, multiple) == once


def test_a_size_the_model_cannot_paint_names_the_nearest_one() -> None:
    info = ModelInfo(ModelRef("m", Path("m")), "Starter", FAMILIES[0], 16, 256, 32, 20, 4.0)
    info.check_size(256, 240)
    with pytest.raises(InvalidSize, match=r"multiples of 16.*256x240"):
        info.check_size(250, 237)
