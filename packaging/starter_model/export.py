"""Stage 6, `python -m starter_model.export`: write the trained parts as a standard diffusers folder in float16."""

import argparse
import json
from pathlib import Path

import torch
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import StableDiffusionPipeline
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from starter_model import checkpoints
from starter_model.denoiser import BETA_END, BETA_START, STEPS, new_denoiser
from starter_model.text_encoder import new_text_encoder

LARGEST_BYTES = 60_000_000
EXAMPLES = (
    "a red fox, 3d",
    "a cat on a blue background, flat",
    "a pizza, cartoon",
    "a rocket on a black background, 3d",
    "a sunflower, cartoon",
    "a cup of coffee, 3d",
    "a penguin on a sky blue background, cartoon",
    "a strawberry on a pink and white gradient background, 3d",
)
STEPS_ADVISED = 20
GUIDANCE = 2.5


def new_scheduler() -> DPMSolverMultistepScheduler:
    """Return the scheduler the model is shipped with.

    The settings that only other schedulers know are written as well: DDIM and DDPM would clip the clean estimate to the
    range of pixels, which latents leave, and PNDM would start with Runge-Kutta steps.
    """
    scheduler = DPMSolverMultistepScheduler(
        num_train_timesteps=STEPS,
        beta_start=BETA_START,
        beta_end=BETA_END,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        steps_offset=1,
    )
    scheduler.register_to_config(clip_sample=False, set_alpha_to_one=False, skip_prk_steps=True)
    return scheduler


def assemble(
    autoencoder: AutoencoderTiny,
    text_encoder: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    denoiser: UNet2DConditionModel,
) -> StableDiffusionPipeline:
    """Put the parts together as the stock pipeline."""
    return StableDiffusionPipeline(
        vae=autoencoder,  # pyright: ignore[reportArgumentType]  # the pipeline takes it, its annotation does not say so
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        unet=denoiser,
        scheduler=new_scheduler(),  # pyright: ignore[reportArgumentType]  # likewise
        safety_checker=None,  # pyright: ignore[reportArgumentType]  # the pipeline is made for its absence, its annotation is not
        feature_extractor=None,  # pyright: ignore[reportArgumentType]  # goes with the safety checker
        requires_safety_checker=False,
    )


def trained_pipeline(work: Path, name: str) -> StableDiffusionPipeline:
    """Return the pipeline with the averaged weights of a training's last checkpoint, in float32 on the CPU."""
    saved = checkpoints.load(work / name / "checkpoint.pt", torch.device("cpu"))["averaged"]["model"]
    tokenizer = CLIPTokenizer.from_pretrained(work / "text" / "tokenizer")
    text_encoder, denoiser = new_text_encoder(tokenizer), new_denoiser()
    text_encoder.load_state_dict(_part(saved, "text_encoder."))
    denoiser.load_state_dict(_part(saved, "denoiser."))
    autoencoder = AutoencoderTiny.from_pretrained(work / "autoencoder" / "vae")
    return assemble(autoencoder.eval(), text_encoder.eval(), tokenizer, denoiser.eval())


def _part(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def write(pipeline: StableDiffusionPipeline, folder: Path) -> int:
    """Write a pipeline in float16 with its example prompts and return the folder's size in bytes.

    Raises:
        ValueError: The folder is larger than the repository takes.
    """
    pipeline.to(torch.float16)
    pipeline.save_pretrained(folder)
    for path in folder.glob("*/config.json"):
        config: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
        # Where a part was loaded from on the machine that trained it is nobody's concern.
        config.pop("_name_or_path", None)
        path.write_text(f"{json.dumps(config, indent=2, sort_keys=True)}\n", encoding="utf-8")
    examples = {"prompts": list(EXAMPLES), "steps": STEPS_ADVISED, "guidance": GUIDANCE}
    (folder / "examples.json").write_text(f"{json.dumps(examples, indent=2)}\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if size > LARGEST_BYTES:
        raise ValueError(f"{folder} holds {size / 1e6:.1f} MB; at most {LARGEST_BYTES / 1e6:.0f} MB may be shipped.")
    return size


def main() -> None:
    """Export the last checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", default="work", help="folder of the checkpoints")
    parser.add_argument("--name", default="painting", help="which training")
    parser.add_argument("--out", required=True, help="folder to write, as resources/models/starter")
    arguments = parser.parse_args()
    size = write(trained_pipeline(Path(arguments.work), arguments.name), Path(arguments.out))
    print(f"{arguments.out}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
