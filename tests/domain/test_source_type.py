"""A picture is called what it is: a model's, a person's, or something of both."""

import json
from dataclasses import replace

import pytest

from studio.domain.metadata import Metadata
from studio.domain.request import ImageToImage, Inpaint
from studio.domain.source_type import SourceType, source_type_of
from tests.domain.test_metadata import FOX, PAINTED_OVER, described


@pytest.mark.parametrize(
    ("has_generated", "has_own", "term"),
    [
        (True, False, SourceType.GENERATED),
        (True, True, SourceType.COMPOSITE),
        (False, True, SourceType.BY_HAND),
        (False, False, None),
    ],
)
def test_what_is_in_a_picture_says_what_to_call_it(has_generated: bool, has_own: bool, term: SourceType | None) -> None:
    assert source_type_of(has_generated=has_generated, has_own=has_own) is term


@pytest.mark.parametrize("term", SourceType)
def test_a_term_comes_back_from_its_address(term: SourceType) -> None:
    assert term.uri == f"http://cv.iptc.org/newscodes/digitalsourcetype/{term.value}"
    for text in (term.uri, term.uri.replace("http:", "https:"), term.value, f" {term.uri}\n"):
        assert SourceType.of_uri(text) is term
    for text in ("", f"{term.uri}s", f"ftp://{term.value}", "digitalCapture"):
        assert SourceType.of_uri(text) is None
    assert term.is_ai == ("trainedAlgorithmicMedia".lower() in term.uri.lower())
    assert term.title


def test_words_alone_make_a_models_picture() -> None:
    assert described(FOX).digital_source_type is SourceType.GENERATED


@pytest.mark.parametrize("request_", [request for request, _ in PAINTED_OVER])
@pytest.mark.parametrize("has_own", [True, False])
def test_a_picture_painted_from_ones_own_is_both(request_: ImageToImage | Inpaint, has_own: bool) -> None:
    metadata = Metadata.from_json(described(replace(request_, has_own_pixels=has_own)).to_json())
    assert metadata.digital_source_type is (SourceType.COMPOSITE if has_own else SourceType.GENERATED)


def test_where_nobody_asked_the_start_counts_as_ones_own() -> None:
    assert PAINTED_OVER[0][0].has_own_pixels
    for request, term in ((FOX, SourceType.GENERATED), (PAINTED_OVER[0][0], SourceType.COMPOSITE)):
        older = json.loads(described(request).to_json())
        del older["has_own_pixels"]
        assert Metadata.from_json(json.dumps(older)).digital_source_type is term
