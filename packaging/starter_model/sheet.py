"""Stage 7, `python -m starter_model.sheet`: draw prompts and lay the pictures out on one sheet."""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import torch
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import StableDiffusionPipeline
from PIL import Image, ImageDraw

from starter_model.export import GUIDANCE, STEPS_ADVISED, trained_pipeline
from starter_model.prompts import load_prompts

_GAP = 4
_LABEL = 14
_BATCH = 5


@torch.no_grad()
def draw(
    pipeline: StableDiffusionPipeline,
    prompts: Sequence[str],
    steps: int = STEPS_ADVISED,
    guidance: float = GUIDANCE,
    first_seed: int = 0,
) -> list[Image.Image]:
    """Draw each prompt once with a stock pipeline; a prompt's seed is its place in the list plus `first_seed`."""
    pipeline.set_progress_bar_config(disable=True)
    pictures: list[Image.Image] = []
    for start in range(0, len(prompts), _BATCH):
        batch = list(prompts[start : start + _BATCH])
        seeds = range(first_seed + start, first_seed + start + len(batch))
        generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        output = pipeline(
            batch, num_inference_steps=steps, guidance_scale=guidance, generator=generators, return_dict=False
        )
        pictures += cast("list[Image.Image]", output[0])
    return pictures


def lay_out(pictures: Sequence[Image.Image], labels: Sequence[str], columns: int, edge: int) -> Image.Image:
    """Return one picture of all, each `edge` wide under its label."""
    rows = math.ceil(len(pictures) / columns)
    sheet = Image.new("RGB", (columns * (edge + _GAP), rows * (edge + _LABEL + _GAP)), "white")
    pen = ImageDraw.Draw(sheet)
    for place, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        left, top = place % columns * (edge + _GAP), place // columns * (edge + _LABEL + _GAP)
        pen.text((left + 1, top), label[: edge // 6], fill="black")
        sheet.paste(picture.resize((edge, edge), Image.Resampling.LANCZOS), (left, top + _LABEL))
    return sheet


def main() -> None:
    """Draw a sheet from a shipped folder or from the last checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--model", help="a diffusers folder")
    source.add_argument("--work", help="folder of the checkpoints")
    parser.add_argument("--name", default="painting", help="which training in --work")
    parser.add_argument("--prompts", nargs="*", help="what to draw; the evaluation's prompts when none are given")
    parser.add_argument("--every", type=int, default=1, help="every which of the prompts")
    parser.add_argument("--steps", type=int, default=STEPS_ADVISED)
    parser.add_argument("--guidance", type=float, default=GUIDANCE)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--edge", type=int, default=192, help="edge of a picture on the sheet")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", required=True, help="PNG or WebP to write")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.model:
        pipeline = StableDiffusionPipeline.from_pretrained(arguments.model, dtype=torch.float32)
    else:
        pipeline = trained_pipeline(Path(arguments.work), arguments.name)
    prompts = arguments.prompts or [prompt.text for prompt in load_prompts()]
    prompts = prompts[:: arguments.every]
    pictures = draw(pipeline, prompts, arguments.steps, arguments.guidance)
    lay_out(pictures, prompts, arguments.columns, arguments.edge).save(arguments.out)


if __name__ == "__main__":
    main()
