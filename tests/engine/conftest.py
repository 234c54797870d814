"""Engines for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.engine.diffusers_engine import DiffusersEngine


@pytest.fixture(scope="session")
def engine_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where engines keep what they measured, so that each autoencoder's preview map is fitted once."""
    return tmp_path_factory.mktemp("engine-cache")


@pytest.fixture(scope="module")
def engine(engine_cache: Path) -> Iterator[DiffusersEngine]:
    """Return one engine for a whole file: each job leaves it ready for the next."""
    engine = DiffusersEngine("cpu", "float32", engine_cache)
    yield engine
    engine.close()
