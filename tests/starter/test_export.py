"""What is exported loads in the stock pipelines; what is shipped paints, and says where it comes from."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
import torch
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import StableDiffusionPipeline
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion_img2img import StableDiffusionImg2ImgPipeline
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion_inpaint import StableDiffusionInpaintPipeline
from PIL import Image
from transformers import CLIPTokenizer

from starter_model.denoiser import new_denoiser
from starter_model.export import LARGEST_BYTES, assemble, write
from starter_model.text_encoder import new_text_encoder
from starter_model.vae import new_autoencoder

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = Path(__file__).parents[2] / "resources" / "models" / "starter"
LICENSES = ("LICENSES/Apache-2.0.txt", "LICENSES/MIT-fluent-emoji.txt", "LICENSES/MIT-emojibase-data.txt")


# numpy 2 asks torch for a keyword that the schedulers' arithmetic on tensors does not pass on.
numpy_and_torch = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


def paint(folder: Path, size: int, steps: int) -> list[np.ndarray]:
    """Return a picture of each stock pipeline, (size, size, 3) uint8."""
    picture, mask = Image.new("RGB", (size, size), "white"), Image.new("L", (size, size), 255)
    changed = {"image": picture, "strength": 1.0}
    painted: list[np.ndarray] = []
    for kind, given in (
        (StableDiffusionPipeline, {}),
        (StableDiffusionImg2ImgPipeline, changed),
        (StableDiffusionInpaintPipeline, {**changed, "mask_image": mask, "height": size, "width": size}),
    ):
        pipeline = cast("Callable[..., tuple[list[Image.Image]]]", kind.from_pretrained(folder, dtype=torch.float32))
        generator = torch.Generator().manual_seed(0)
        said = {"num_inference_steps": steps, "generator": generator, "return_dict": False}
        painted.append(np.asarray(pipeline("a red apple, 3d", **said, **given)[0][0]))
    return painted


@numpy_and_torch
@pytest.mark.slow
def test_an_untrained_export_loads_in_the_stock_pipelines(tokenizer: CLIPTokenizer, tmp_path: Path) -> None:
    torch.manual_seed(0)
    text_encoder, denoiser = new_text_encoder(tokenizer), new_denoiser((16, 32, 32, 64))
    size = write(assemble(new_autoencoder(), text_encoder, tokenizer, denoiser), tmp_path / "model")
    assert size < LARGEST_BYTES
    for pixels in paint(tmp_path / "model", 256, steps=2):
        assert pixels.shape == (256, 256, 3)


@numpy_and_torch
@pytest.mark.slow
def test_the_shipped_model_paints_a_red_apple_on_white() -> None:
    for pixels in paint(SHIPPED, 256, steps=12):
        corner, middle = pixels[:24, :24].astype(int), pixels[96:176, 96:176].astype(int)
        assert corner.mean() > 235
        assert middle[..., 0].mean() > middle[..., 1].mean() + 40


def test_the_shipped_model_is_whole_and_small() -> None:
    files = [path for path in SHIPPED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= LARGEST_BYTES
    assert {path.suffix for path in files} <= {".json", ".txt", ".safetensors", ".md", ".webp"}
    assert (SHIPPED / "model_index.json").is_file()


def test_the_shipped_model_says_where_it_comes_from() -> None:
    card = (SHIPPED / "README.md").read_text(encoding="utf-8")
    for said in ("Fluent Emoji", "Noto Emoji", "MiniLM", "emojibase", "emojilib", "top-1", "dB"):
        assert said in card
    for name in LICENSES:
        assert len((SHIPPED / name).read_text(encoding="utf-8")) > 500


def test_the_shipped_examples_are_worth_trying() -> None:
    examples = json.loads((SHIPPED / "examples.json").read_text(encoding="utf-8"))
    assert len(examples["prompts"]) >= 5
    assert examples["steps"] >= 4
    assert examples["guidance"] > 1
