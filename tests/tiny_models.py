"""Tiny Stable Diffusion folders with random weights: diffusers' real classes, a megabyte or two, painted in a blink.

`tiny_model(Tiny.KL_F8)` returns a diffusers folder that is built once in the life of the test process and removed at
its end. Copy it before damaging it.
"""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from transformers.models.clip.configuration_clip import CLIPTextConfig
from transformers.models.clip.modeling_clip import CLIPTextModel

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN_LIMIT: Final = 32
SEED: Final = 20
WIDTH: Final = 32
"""Of the text embedding and of the denoiser's first level, in channels."""


class Tiny(Enum):
    """The variants; the value is the folder's name.

    Each has a tokenizer of its own (bytes and a few words, 32 tokens a prompt), two levels in the denoiser and a
    picture of 64 x 64 pixels (128 x 128 for f16).
    """

    KL_F8 = "kl-f8"
    """As Stable Diffusion 1.5: AutoencoderKL, 4 latent channels, 8 pixels a latent, epsilon prediction, PNDM."""
    TINY_F8 = "tiny-f8"
    """AutoencoderTiny, 4 latent channels, 8 pixels a latent, v-prediction, DDIM."""
    TINY_F16 = "tiny-f16"
    """As the starter model: AutoencoderTiny, 16 latent channels, 16 pixels a latent, v-prediction, Euler."""
    INPAINT_F8 = "inpaint-f8"
    """As Stable Diffusion 1.5 inpainting: like KL_F8, with a denoiser that also reads mask and masked picture."""

    @property
    def multiple(self) -> int:
        """Width and height must be multiples of this, in pixels."""
        return 16 if self is Tiny.TINY_F16 else 8

    @property
    def side(self) -> int:
        """Side of the picture it was made for, in pixels."""
        return 8 * self.multiple


@cache
def tiny_model(kind: Tiny = Tiny.TINY_F16) -> Path:
    """Return the folder of a tiny model, building it at the first call."""
    root = Path(tempfile.mkdtemp(prefix="sfumato-tiny-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return build_tiny_model(root / kind.value, kind)


def build_tiny_model(folder: Path, kind: Tiny) -> Path:
    """Write a tiny model into `folder` and return it. The same weights every time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        parts = {"text_encoder": _text_encoder(), "unet": _unet(kind), "vae": _vae(kind)}
    for name, part in parts.items():
        part.half().save_pretrained(folder / name)
    _write_tokenizer(folder / "tokenizer")
    _write_json(folder / "scheduler" / "scheduler_config.json", _scheduler(kind))
    _write_json(folder / "model_index.json", _index(kind))
    return folder


def _index(kind: Tiny) -> dict[str, object]:
    pipeline = "StableDiffusionInpaintPipeline" if kind is Tiny.INPAINT_F8 else "StableDiffusionPipeline"
    return {
        "_class_name": pipeline,
        "_diffusers_version": "0.42.1",
        "feature_extractor": [None, None],
        "image_encoder": [None, None],
        "requires_safety_checker": False,
        "safety_checker": [None, None],
        "scheduler": ["diffusers", _scheduler(kind)["_class_name"]],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL" if kind in {Tiny.KL_F8, Tiny.INPAINT_F8} else "AutoencoderTiny"],
    }


def _scheduler(kind: Tiny) -> dict[str, object]:
    own: dict[str, object]
    match kind:
        case Tiny.KL_F8 | Tiny.INPAINT_F8:
            own = {"_class_name": "PNDMScheduler", "skip_prk_steps": True, "prediction_type": "epsilon"}
            own |= {"steps_offset": 1, "set_alpha_to_one": False}
        case Tiny.TINY_F8:
            own = {"_class_name": "DDIMScheduler", "clip_sample": False, "prediction_type": "v_prediction"}
            own |= {"steps_offset": 1, "timestep_spacing": "trailing"}
        case Tiny.TINY_F16:
            own = {"_class_name": "EulerDiscreteScheduler", "prediction_type": "v_prediction"}
            own |= {"steps_offset": 1, "timestep_spacing": "trailing"}
    noise = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000}
    return {**noise, **own}


def _unet(kind: Tiny) -> UNet2DConditionModel:
    latent_channels = 16 if kind is Tiny.TINY_F16 else 4
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=9 if kind is Tiny.INPAINT_F8 else latent_channels,
        out_channels=latent_channels,
        block_out_channels=(WIDTH, 2 * WIDTH),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=8,
        norm_num_groups=8,
    )


def _vae(kind: Tiny) -> AutoencoderKL | AutoencoderTiny:
    if kind in {Tiny.KL_F8, Tiny.INPAINT_F8}:
        return AutoencoderKL(
            block_out_channels=(8, 8, 16, 16),  # pyright: ignore[reportArgumentType]  # diffusers says tuple[int] and means any length
            down_block_types=("DownEncoderBlock2D",) * 4,  # pyright: ignore[reportArgumentType]  # likewise
            up_block_types=("UpDecoderBlock2D",) * 4,  # pyright: ignore[reportArgumentType]  # likewise
            latent_channels=4,
            norm_num_groups=4,
            sample_size=64,
        )
    levels = 5 if kind is Tiny.TINY_F16 else 4
    return AutoencoderTiny(
        encoder_block_out_channels=(16,) * levels,
        decoder_block_out_channels=(16,) * levels,
        num_encoder_blocks=(1,) * levels,
        num_decoder_blocks=(1,) * levels,
        latent_channels=16 if kind is Tiny.TINY_F16 else 4,
    )


def _text_encoder() -> CLIPTextModel:
    tokens = len(_vocabulary())
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=tokens,
            hidden_size=WIDTH,
            intermediate_size=2 * WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=TOKEN_LIMIT,
            projection_dim=WIDTH,
            bos_token_id=tokens - 2,
            eos_token_id=tokens - 1,
            pad_token_id=tokens - 1,
        )
    )


WORDS: Final = ("red", "fox", "cat", "a")
"""Words that are one token; any other text is one token a byte."""


def _merges() -> list[tuple[str, str]]:
    pairs: dict[tuple[str, str], None] = {}
    for word in WORDS:
        parts = [*word[:-1], word[-1] + "</w>"]
        while len(parts) > 1:
            pairs[parts[0], parts[1]] = None
            parts[:2] = [parts[0] + parts[1]]
    return list(pairs)


def _vocabulary() -> dict[str, int]:
    letters = [chr(code) for code in _byte_codes()]
    tokens = [*letters, *(letter + "</w>" for letter in letters), *("".join(pair) for pair in _merges())]
    return {token: place for place, token in enumerate((*tokens, "<|startoftext|>", "<|endoftext|>"))}


def _byte_codes() -> list[int]:
    """Return the character that stands for each byte, as GPT-2's `bytes_to_unicode` has it."""
    printable = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    hidden = [byte for byte in range(256) if byte not in printable]
    return [byte if byte in printable else 256 + hidden.index(byte) for byte in range(256)]


def _write_tokenizer(folder: Path) -> None:
    _write_json(folder / "vocab.json", _vocabulary())
    merges = "\n".join(f"{left} {right}" for left, right in _merges())
    (folder / "merges.txt").write_text(f"#version: 0.2\n{merges}\n", encoding="utf-8")
    marks = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    _write_json(folder / "special_tokens_map.json", marks | {"pad_token": "<|endoftext|>"})
    own = {"tokenizer_class": "CLIPTokenizer", "model_max_length": TOKEN_LIMIT, "pad_token": "<|endoftext|>"}
    _write_json(folder / "tokenizer_config.json", marks | own)


def _write_json(path: Path, content: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
