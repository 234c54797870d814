"""A file tells as much as its owner wants, and in any case whether a model had a part in the picture."""

from dataclasses import replace

import pytest

from studio import __version__
from studio.domain.disclosure import UNKNOWN, Disclosure, ExportPrivacy
from studio.domain.lineage import EdgeKind, Parent
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY
from studio.domain.source_type import SourceType
from studio.domain.xmp import LONGEST_PROMPT, Xmp
from tests.domain.test_metadata import FOX, PICTURE, described

PARENT = Parent("ab" * 32, EdgeKind.VARIATION)
METADATA = described(replace(FOX, parents=(PARENT,)))


def test_all_is_told_where_that_is_wanted() -> None:
    told = Disclosure.of(METADATA)
    assert told.texts == {PARAMETERS_KEY: METADATA.to_parameters(), OWN_KEY: METADATA.to_json()}
    assert told.xmp == Xmp(
        digital_source_type=SourceType.GENERATED.uri,
        tool=f"Sfumato {__version__}",
        ai_system="Sfumato, starter",
        ai_system_version=__version__,
        prompt="a red fox, 3d",
    )
    assert told.pictures == (PARENT.sha256,)


def test_a_prompt_that_is_no_caption_any_more_stands_in_the_texts_alone() -> None:
    told = Disclosure.of(described(replace(FOX, prompt="a" * (LONGEST_PROMPT + 1))))
    assert told.xmp.prompt == ""
    assert told.texts[PARAMETERS_KEY].startswith("a" * (LONGEST_PROMPT + 1))


def test_where_it_comes_from_is_no_prompt_and_no_seed() -> None:
    told = Disclosure.of(METADATA, ExportPrivacy.PROVENANCE)
    assert told.texts == {}
    assert told.xmp == replace(Disclosure.of(METADATA).xmp, prompt="")


def test_nothing_private_is_one_word() -> None:
    told = Disclosure.of(METADATA, ExportPrivacy.NOTHING)
    assert told.texts == {}
    assert told.xmp == Xmp(digital_source_type=SourceType.GENERATED.uri)
    assert replace(told, source_type=None).xmp.is_empty


def test_a_picture_that_somebody_changed_is_a_composite_of_it() -> None:
    changed = Disclosure.of(METADATA).changed()
    assert changed.texts == {}
    assert changed.source_type is SourceType.COMPOSITE
    assert changed.pictures == (PICTURE.sha256,)
    assert changed.xmp.prompt == ""
    assert changed.xmp.ai_system == "Sfumato, starter"
    assert changed.changed() == changed


@pytest.mark.parametrize("term", [None, SourceType.BY_HAND])
def test_where_no_model_is_known_of_none_is_named(term: SourceType | None) -> None:
    told = replace(UNKNOWN, source_type=term)
    assert told.xmp.ai_system == ""
    assert told.xmp.tool == f"Sfumato {__version__}"


def test_of_another_programs_picture_that_program_is_named() -> None:
    told = replace(UNKNOWN, source_type=SourceType.GENERATED, program="ComfyUI", models=("sdxl",))
    assert told.xmp.ai_system == "ComfyUI, sdxl"
    assert told.xmp.ai_system_version == ""


@pytest.mark.parametrize("privacy", ExportPrivacy)
def test_each_choice_explains_itself(privacy: ExportPrivacy) -> None:
    assert privacy.title
    assert privacy.help.endswith(".")
    assert privacy.names_programs == (privacy is not ExportPrivacy.NOTHING)
