"""What measurements stand on: the models, a folder that goes away, and the engine's description."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from studio.domain.request import Sampling, TextToImage
from studio.services.model_library import ModelLibrary
from studio.services.paths import Paths

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from studio.domain.model import ModelInfo
    from studio.domain.ports import EngineDescription
    from studio.domain.request import ModelRef


class Ground:
    """The ground of one run; a context that leaves nothing behind."""

    def __init__(self, model: str) -> None:
        """Find the model that small measurements paint with.

        Args:
            model: name or folder.

        Raises:
            ModelError: there is no such model.
        """
        self.model: ModelInfo = ModelLibrary.of(Paths.of_user(os.environ)).find(model)
        self.folder = Path(tempfile.mkdtemp(prefix="sfumato-bench-"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def engine_cache(self) -> Path:
        """Where engines of this run keep what they measured."""
        return self.folder / "engine"

    @cached_property
    def description(self) -> EngineDescription:
        """Where and how the engine computes on this machine."""
        from studio.engine.diffusers_engine import DiffusersEngine

        engine = DiffusersEngine(cache_folder=self.engine_cache)
        try:
            return engine.describe()
        finally:
            engine.close()

    @cached_property
    def full_size(self) -> ModelRef:
        """A model of Stable Diffusion 1.5's size with random weights; 2.1 GB, made when first asked for."""
        from studio.engine.benchmarks import build_full_size

        return build_full_size(self.folder / "sd15-size")

    def request(self, steps: int | None = None, seed: int = 1) -> TextToImage:
        """Return a picture of the model's own size and guidance.

        Args:
            steps: None for the model's own.
            seed: of the picture.
        """
        model = self.model
        return TextToImage(
            model=model.ref,
            prompt="a red fox, 3d",
            sampling=Sampling(
                steps=model.default_steps if steps is None else steps, guidance_scale=model.default_guidance, seed=seed
            ),
            width=model.native_side,
            height=model.native_side,
        )
