"""Stable Diffusion 1.x and 2.x, and every model of the same architecture, such as the starter model.

High-Resolution Image Synthesis with Latent Diffusion Models, https://arxiv.org/abs/2112.10752.
"""

from __future__ import annotations

from studio.domain.families.family import Family
from studio.domain.request import Task

STABLE_DIFFUSION = Family(
    id="stable-diffusion",
    title="Stable Diffusion",
    pipelines={
        Task.TEXT_TO_IMAGE: "StableDiffusionPipeline",
        Task.IMAGE_TO_IMAGE: "StableDiffusionImg2ImgPipeline",
        Task.INPAINT: "StableDiffusionInpaintPipeline",
        Task.OUTPAINT: "StableDiffusionInpaintPipeline",
    },
    default_steps=20,
    default_guidance=7.0,
    default_side=512,
    components=("unet", "vae", "text_encoder", "tokenizer", "scheduler"),
    denoiser="unet",
)
