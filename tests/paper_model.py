"""A model folder that says everything a window needs to know of a model, and holds no weight."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PROMPTS = ("a red fox, 3d", "a blue whale, flat", "a cat and a pizza, cartoon", "a rocket on a yellow background, 3d")
TOKEN_LIMIT = 30
FILES = {
    "model_index.json": {"_class_name": "StableDiffusionPipeline"}
    | {part: ["diffusers", "Part"] for part in ("unet", "vae", "text_encoder", "tokenizer", "scheduler")},
    "unet/config.json": {"sample_size": 32},
    "vae/config.json": {"block_out_channels": [8, 8, 8, 8]},
    "text_encoder/config.json": {"max_position_embeddings": TOKEN_LIMIT},
    "tokenizer/tokenizer_config.json": {"model_max_length": TOKEN_LIMIT},
    # One token for each word and each mark.
    "tokenizer/tokenizer.json": {
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordLevel", "vocab": {"<unk>": 0}, "unk_token": "<unk>"},
    },
    "scheduler/scheduler_config.json": {"_class_name": "DDIMScheduler"},
    "examples.json": {"prompts": list(PROMPTS), "steps": 20, "guidance": 5.0},
}


def write_paper_model(models: Path, name: str = "starter") -> Path:
    """Write a model of 256 x 256 pixels into a folder of models; its token count is that of its words."""
    folder = models / name
    for path, content in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(content))
    for part in ("unet", "vae", "text_encoder"):
        (folder / part / "model.safetensors").touch()
    return folder
