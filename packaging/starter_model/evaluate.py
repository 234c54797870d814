"""Stage 8, `python -m starter_model.evaluate`: draw the fixed prompts, have a classifier name what it sees."""

import argparse
import json
import time
from pathlib import Path

import torch
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import StableDiffusionPipeline
from PIL import Image

from starter_model.autoencoder import measure
from starter_model.classifier import (
    BACKGROUNDS,
    STYLES,
    Classifier,
    held_out_accuracy,
    load_or_train,
    named,
    pictures_seen,
)
from starter_model.export import GUIDANCE, STEPS_ADVISED
from starter_model.pack import Pack
from starter_model.prompts import Prompt, load_prompts
from starter_model.scenes import held_out_scenes, to_model
from starter_model.sheet import draw, lay_out
from starter_model.things import Thing, load_things


def shares(
    model: Classifier, things: tuple[Thing, ...], prompts: tuple[Prompt, ...], pictures: list[Image.Image]
) -> dict[str, float]:
    """Return the shares of pictures, 0 to 1, in which the classifier finds what the prompt said."""
    scores = named(model, pictures_seen(pictures))
    numbers = {thing.name: number for number, thing in enumerate(things)}
    thing = torch.tensor([numbers[prompt.thing] for prompt in prompts])
    style = torch.tensor([STYLES.index(prompt.style) for prompt in prompts])
    background = torch.tensor([BACKGROUNDS.index(prompt.background) for prompt in prompts])
    best = scores.thing.topk(5, 1).indices
    return {
        "thing_top1": float((best[:, 0] == thing).float().mean()),
        "thing_top5": float((best == thing[:, None]).any(1).float().mean()),
        "style": float((scores.style.argmax(1) == style).float().mean()),
        "background": float((scores.background.argmax(1) == background).float().mean()),
    }


def misses(
    model: Classifier, things: tuple[Thing, ...], prompts: tuple[Prompt, ...], pictures: list[Image.Image]
) -> list[str]:
    """Return, for every picture the classifier names otherwise, the prompt and what it was taken for."""
    scores = named(model, pictures_seen(pictures))
    rows: list[str] = []
    for index, prompt in enumerate(prompts):
        found = (
            things[int(scores.thing[index].argmax())].name,
            STYLES[int(scores.style[index].argmax())].value,
            BACKGROUNDS[int(scores.background[index].argmax())],
        )
        if found != (prompt.thing, prompt.style.value, prompt.background):
            rows.append(f"{prompt.text}: taken for {', '.join(found)}")
    return rows


def main() -> None:
    """Evaluate a shipped folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", required=True, help="folder of the training pack")
    parser.add_argument("--work", default="work", help="folder where the classifier is kept")
    parser.add_argument("--model", help="the diffusers folder; without it the classifier alone is trained")
    parser.add_argument("--minutes", type=float, default=30, help="training of the classifier, where there is none")
    parser.add_argument("--scenes", type=int, default=18000, help="the classifier's scenes")
    parser.add_argument("--steps", type=int, default=STEPS_ADVISED)
    parser.add_argument("--guidance", type=float, default=GUIDANCE)
    parser.add_argument("--sheet", default="", help="picture to write")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    pack, things, prompts = Pack(Path(arguments.pack)), load_things(), load_prompts()
    kept = Path(arguments.work) / "classifier.pt"
    classifier = load_or_train(kept, pack, things, arguments.minutes, arguments.scenes)
    print(json.dumps({"classifier": held_out_accuracy(classifier, pack, things, 906)}), flush=True)
    if not arguments.model:
        return
    pipeline = StableDiffusionPipeline.from_pretrained(arguments.model, dtype=torch.float32)
    decibels = measure(pipeline.vae, to_model(held_out_scenes(pack, things, 256, 64)))
    begun = time.monotonic()
    pictures = draw(pipeline, [prompt.text for prompt in prompts], arguments.steps, arguments.guidance)
    seconds = (time.monotonic() - begun) / len(pictures)
    found = shares(classifier, things, prompts, pictures)
    print("\n".join(misses(classifier, things, prompts, pictures)))
    print(json.dumps({**found, **decibels, "seconds_each": round(seconds, 2)}), flush=True)
    if arguments.sheet:
        lay_out(pictures, [prompt.text for prompt in prompts], 10, 144).save(arguments.sheet)


if __name__ == "__main__":
    main()
