"""ComfyUI's graphs, as its ``SaveImage`` writes them: ``{id: {"class_type": ..., "inputs": {...}}}``."""

from __future__ import annotations

from typing import Any


def node(kind: str, /, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - as parsed JSON
    """Return a node; a link is ``[id, output]``."""
    return {"class_type": kind, "inputs": inputs, "_meta": {"title": kind}}


def plain(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - likewise
    """Return ComfyUI's first example, with other nodes put in by id (``n5=...``)."""
    nodes = {
        "3": node(
            "KSampler",
            seed=8566257,
            steps=20,
            cfg=8.0,
            sampler_name="dpmpp_2m",
            scheduler="karras",
            denoise=1,
            model=["4", 0],
            positive=["6", 0],
            negative=["7", 0],
            latent_image=["5", 0],
        ),
        "4": node("CheckpointLoaderSimple", ckpt_name="sd15\\v1-5-pruned.safetensors"),
        "5": node("EmptyLatentImage", width=512, height=768, batch_size=1),
        "6": node("CLIPTextEncode", text="a glass bottle, (galaxy:1.2)", clip=["4", 1]),
        "7": node("CLIPTextEncode", text="text, watermark", clip=["4", 1]),
        "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
        "9": node("SaveImage", filename_prefix="ComfyUI", images=["8", 0]),
    }
    return nodes | {key.removeprefix("n"): value for key, value in changes.items()}


REFINED = {
    "4": node("CheckpointLoaderSimple", ckpt_name="sd_xl_base_1.0.safetensors"),
    "5": node("EmptyLatentImage", width=1024, height=1024, batch_size=1),
    "6": node("CLIPTextEncodeSDXL", text_g="a photo of a cat", text_l="a photo of a cat", clip=["4", 1]),
    "10": node(
        "KSamplerAdvanced",
        add_noise="enable",
        noise_seed=42,
        steps=25,
        cfg=7.5,
        sampler_name="euler",
        scheduler="normal",
        start_at_step=0,
        end_at_step=20,
        return_with_leftover_noise="enable",
        model=["4", 0],
        positive=["6", 0],
        negative=["15", 0],
        latent_image=["5", 0],
    ),
    "12": node("VAEDecode", samples=["14", 0], vae=["4", 2]),
    "13": node("SaveImage", filename_prefix="x", images=["12", 0]),
    "14": node(
        "KSamplerAdvanced",
        add_noise="disable",
        noise_seed=7,
        steps=30,
        cfg=5.0,
        sampler_name="heun",
        scheduler="karras",
        model=["16", 0],
        positive=["17", 0],
        negative=["20", 0],
        latent_image=["10", 0],
    ),
    "15": node("ConditioningZeroOut", conditioning=["6", 0]),
    "16": node("CheckpointLoaderSimple", ckpt_name="sd_xl_refiner_1.0.safetensors"),
    "17": node("CLIPTextEncode", text="refined", clip=["16", 1]),
    "20": node("CLIPTextEncode", text="worse", clip=["16", 1]),
}
"""SDXL with its refiner; nothing is to be avoided in the first pass."""

FLUX = {
    "6": node("CLIPTextEncode", text=["40", 0], clip=["11", 0]),
    "8": node("VAEDecode", samples=["13", 0], vae=["10", 0]),
    "9": node("SaveImage", filename_prefix="x", images=["8", 0]),
    "10": node("VAELoader", vae_name="ae.safetensors"),
    "11": node("DualCLIPLoader", clip_name1="t5xxl.safetensors", clip_name2="clip_l.safetensors", type="flux"),
    "12": node("UNETLoader", unet_name="flux1-dev.safetensors", weight_dtype="default"),
    "13": node(
        "SamplerCustomAdvanced",
        noise=["25", 0],
        guider=["22", 0],
        sampler=["16", 0],
        sigmas=["17", 0],
        latent_image=["27", 0],
    ),
    "16": node("KSamplerSelect", sampler_name="euler_ancestral"),
    "17": node("BasicScheduler", scheduler="sgm_uniform", steps=["41", 0], denoise=1, model=["30", 0]),
    "22": node("BasicGuider", model=["31", 0], conditioning=["26", 0]),
    "25": node("RandomNoise", noise_seed=2**64 - 1),
    "26": node("FluxGuidance", guidance=3.5, conditioning=["6", 0]),
    "27": node("EmptySD3LatentImage", width=["42", 0], height=1024, batch_size=1),
    "30": node("ModelSamplingFlux", max_shift=1.15, base_shift=0.5, width=64, height=64, model=["31", 0]),
    "31": node("LoraLoaderModelOnly", lora_name="sub/second.safetensors", strength_model=0.75, model=["32", 0]),
    "32": node(
        "Power Lora Loader (rgthree)",
        PowerLoraLoaderHeaderWidget={"type": "PowerLoraLoaderHeaderWidget"},
        lora_1={"on": True, "lora": "first.safetensors", "strength": 0.5},
        lora_2={"on": False, "lora": "off.safetensors", "strength": 1},
        model=["12", 0],
    ),
    "40": node("StringConcatenate", string_a=["43", 0], string_b="in the snow", delimiter=", "),
    "41": node("PrimitiveInt", value=28),
    "42": node("PrimitiveInt", value=768),
    "43": node("PrimitiveStringMultiline", value="a red fox"),
}
"""FLUX: the sampler's parts are nodes of their own; numbers, and the prompt in two parts, come from yet others."""

ENLARGED = plain(
    n8=node("VAEDecode", samples=["31", 0], vae=["4", 2]),
    n30=node("LatentUpscale", upscale_method="nearest-exact", width=1024, height=1536, samples=["3", 0]),
    n31=node(
        "KSampler",
        seed=1,
        steps=12,
        cfg=6,
        sampler_name="euler",
        scheduler="simple",
        denoise=0.5,
        model=["4", 0],
        positive=["6", 0],
        negative=["7", 0],
        latent_image=["30", 0],
    ),
)
"""The first example, painted over once more at twice its size."""

WORKFLOW = {
    "last_node_id": 9,
    "nodes": [
        {
            "id": 3,
            "type": "KSampler",
            "mode": 0,
            "inputs": [
                {"name": "model", "type": "MODEL", "link": 10},
                {"name": "positive", "type": "CONDITIONING", "link": 4},
                {"name": "negative", "type": "CONDITIONING", "link": 6},
                {"name": "latent_image", "type": "LATENT", "link": 2},
            ],
            "widgets_values": [156680208700286, "randomize", 20, 8, "euler", "karras", 0.75],
        },
        {"id": 4, "type": "CheckpointLoaderSimple", "mode": 0, "widgets_values": ["v1-5.ckpt"]},
        {
            "id": 10,
            "type": "LoraLoader",
            "mode": 4,
            "inputs": [{"name": "model", "type": "MODEL", "link": 1}, {"name": "clip", "type": "CLIP", "link": 3}],
            "widgets_values": ["passed_by.safetensors", 1, 1],
        },
        {"id": 5, "type": "EmptyLatentImage", "mode": 0, "inputs": [], "widgets_values": [512, 640, 1]},
        {
            "id": 6,
            "type": "CLIPTextEncode",
            "inputs": [
                {"name": "clip", "type": "CLIP", "link": 3},
                {"name": "text", "type": "STRING", "widget": {"name": "text"}, "link": None},
            ],
            "widgets_values": ["a bottle"],
        },
        {
            "id": 7,
            "type": "SomebodysTextEncode",
            "inputs": [{"name": "prompt", "type": "STRING", "widget": {"name": "prompt"}, "link": None}],
            "widgets_values": ["watermark"],
        },
        {
            "id": 8,
            "type": "VAEDecode",
            "inputs": [{"name": "samples", "type": "LATENT", "link": 7}, {"name": "vae", "type": "VAE", "link": 8}],
        },
        {"id": 9, "type": "SaveImage", "inputs": [{"name": "images", "type": "IMAGE", "link": 9}]},
        {"id": 11, "type": "Note", "widgets_values": ["KSampler: steps 99"]},
    ],
    "links": [
        [1, 4, 0, 10, 0, "MODEL"],
        [2, 5, 0, 3, 3, "LATENT"],
        [3, 4, 1, 6, 0, "CLIP"],
        [4, 6, 0, 3, 1, "CONDITIONING"],
        [6, 7, 0, 3, 2, "CONDITIONING"],
        [7, 3, 0, 8, 0, "LATENT"],
        {"id": 8, "origin_id": 4, "origin_slot": 2, "target_id": 8, "target_slot": 1, "type": "VAE"},
        [9, 8, 0, 9, 0, "IMAGE"],
        [10, 10, 0, 3, 0, "MODEL"],
    ],
    "version": 0.4,
}
"""The editor's graph, with a LoRA that is passed by, a node of an extension, a note, and links of both forms."""
