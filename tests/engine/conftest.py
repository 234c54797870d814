"""Engines for the tests of this folder."""

from collections.abc import Iterator

import pytest

from studio.engine.diffusers_engine import DiffusersEngine


@pytest.fixture(scope="module")
def engine() -> Iterator[DiffusersEngine]:
    """Return one engine for a whole file: each job leaves it ready for the next."""
    engine = DiffusersEngine("cpu", "float32")
    yield engine
    engine.close()
