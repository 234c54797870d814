"""A model of Stable Diffusion 1.5's size with random weights: speed and memory do not depend on them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import torch

from studio.domain.request import ModelRef
from studio.engine.library import library_class, quiet

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

_SEED: Final = 1
_LEVELS: Final = 4
_UNET: Final = {"sample_size": 64, "cross_attention_dim": 768, "attention_head_dim": 8}
_VAE: Final = {
    "block_out_channels": (128, 256, 512, 512),
    "down_block_types": ("DownEncoderBlock2D",) * _LEVELS,
    "up_block_types": ("UpDecoderBlock2D",) * _LEVELS,
    "layers_per_block": 2,
    "latent_channels": 4,
    "sample_size": 512,
}
_TEXT: Final = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "max_position_embeddings": 77,
}
_SCHEDULER: Final = {
    "_class_name": "PNDMScheduler",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "skip_prk_steps": True,
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "clip_sample": False,
}
_INDEX: Final = {
    "_class_name": "StableDiffusionPipeline",
    "requires_safety_checker": False,
    "safety_checker": [None, None],
    "feature_extractor": [None, None],
    "scheduler": ["diffusers", "PNDMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}


def build_full_size(folder: Path) -> ModelRef:
    """Write the model, 2.1 GB of bfloat16, into a folder; takes about 20 s and 3 GB of memory."""
    text_config = library_class("transformers", "CLIPTextConfig")
    makers = {
        "unet": lambda: library_class("diffusers", "UNet2DConditionModel")(**_UNET),
        "vae": lambda: library_class("diffusers", "AutoencoderKL")(**_VAE),
        "text_encoder": lambda: library_class("transformers", "CLIPTextModel")(text_config(**_TEXT)),
    }
    with quiet(), _bfloat16(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        for name, make in makers.items():
            make().save_pretrained(str(folder / name))
    _write(folder / "scheduler" / "scheduler_config.json", _SCHEDULER)
    _write(folder / "model_index.json", _INDEX)
    _write_tokenizer(folder / "tokenizer")
    return ModelRef("sd15-size", folder)


@contextmanager
def _bfloat16() -> Generator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _write_tokenizer(folder: Path) -> None:
    """Write one that knows small letters only: what is painted is noise anyway."""
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    _write(folder / "vocab.json", {token: place for place, token in enumerate(tokens)})
    (folder / "merges.txt").write_text("#version: 0.2\n", "utf-8")
    marks = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    own = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "pad_token": "<|endoftext|>"}
    _write(folder / "tokenizer_config.json", {**marks, **own})


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
