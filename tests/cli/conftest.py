"""A model folder without weights, and the command line with a scripted engine behind it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from studio.cli.commands import main, own_commands
from studio.cli.generate import run
from studio.cli.replay import run as replay
from tests.fakes import Script, ScriptedEngine

INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderTiny"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "scheduler": ["diffusers", "DDIMScheduler"],
}
FILES = {
    "model_index.json": INDEX,
    "examples.json": {"steps": 4, "guidance": 3.5},
    "unet/config.json": {"sample_size": 8},
    "vae/config.json": {"block_out_channels": [8, 8, 8, 8]},
    "text_encoder/config.json": {"max_position_embeddings": 32},
    "tokenizer/tokenizer_config.json": {"model_max_length": 32},
    "scheduler/scheduler_config.json": {},
}


def write_model(folder: Path) -> Path:
    """Write what the library reads of a model: its small files. Its pictures are 64 x 64."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content), "utf-8")
    for part in ("unet", "vae", "text_encoder"):
        (folder / part / "model.safetensors").write_bytes(b"")
    return folder


@pytest.fixture
def model(home: Path) -> Path:
    """Put a model called ``tiny`` where the user's models lie."""
    return write_model(home / "data" / "models" / "tiny")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder."""
    place = tmp_path / "desk"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@dataclass
class CommandLine:
    """Runs commands; what they print is in ``output`` afterwards.

    Attributes:
        capture: pytest's.
        engine: the last one that was made.
        made_with: device, dtype and cache folder of each engine.
        layouts: of the memory of each that was made to paint something again.
    """

    capture: pytest.CaptureFixture[str]
    engine: ScriptedEngine = field(default_factory=ScriptedEngine)
    made_with: list[tuple[str, str, Path]] = field(default_factory=list)
    layouts: list[str] = field(default_factory=list)
    output: str = ""
    errors: str = ""

    def __call__(
        self, *arguments: str | Path, script: Script | None = None, meanwhile: Callable[[], object] = list
    ) -> int:
        """Run one command and return its exit code; `meanwhile` is called where the engine would be imported."""

        def make(device: str, dtype: str, cache: Path) -> ScriptedEngine:
            self.made_with.append((device, dtype, cache))
            meanwhile()
            self.engine = ScriptedEngine(*([script] if script else []))
            return self.engine

        def make_alike(device: str, dtype: str, cache: Path, layout: str) -> ScriptedEngine:
            self.layouts.append(layout)
            return make(device, dtype, cache)

        commands = own_commands()
        commands["generate"] = replace(commands["generate"], run=partial(run, make_engine=make))
        commands["replay"] = replace(commands["replay"], run=partial(replay, make_engine=make_alike))
        code = main([str(argument) for argument in arguments], commands)
        self.output, self.errors = self.capture.readouterr()
        return code


@pytest.fixture
def sfumato(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Return the command line of this process."""
    return CommandLine(capsys)
