"""InvokeAI, Fooocus, NovelAI and FastSD CPU are understood; samples follow what their own sources write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.dialect import Dialect
from studio.domain.dialects import DIALECTS, read
from studio.domain.dialects.sampler_names import understood
from studio.domain.dialects.unfolding import unfolded
from studio.domain.found_settings import FoundSettings
from studio.domain.geometry import Size
from studio.domain.lora import LoraUse
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY
from studio.domain.samplers import Sampler, Schedule
from tests.domain.dialects.graphs import plain
from tests.domain.test_metadata import FOX, described

INVOKE = {
    "generation_mode": "sdxl_img2img",
    "positive_prompt": "a (red)1.2 fox++",
    "negative_prompt": "mud",
    "width": 1024,
    "height": 768,
    "seed": 3735928559,
    "rand_device": "cpu",
    "cfg_scale": 6.5,
    "steps": 30,
    "scheduler": "dpmpp_2m_k",
    "clip_skip": 0,
    "model": {"key": "k", "hash": "blake3:00ff", "name": "Juggernaut XL", "base": "sdxl", "type": "main"},
    "vae": {"key": "v", "hash": "blake3:11", "name": "fp16 fix", "base": "sdxl", "type": "vae"},
    "loras": [{"model": {"name": "moss", "hash": "x"}, "weight": 0.75}, {"model": {}, "weight": 1}],
    "strength": 0.55,
    "refiner_model": None,
    "canvas_v2_metadata": {"rasterLayers": [1, 2, 3]},
    "app_version": "6.1.0",
}
FOOOCUS = {
    "adm_guidance": "(1.5, 0.8, 0.3)",
    "base_model": "juggernautXL_v8",
    "base_model_hash": "aeb7e9e689",
    "full_prompt": ["a fox", "cinematic still a fox"],
    "guidance_scale": 4,
    "loras": [["sd_xl_offset", 0.1, "4852686128"], ["None", 1.0, ""]],
    "lora_combined_1": "sd_xl_offset : 0.1",
    "metadata_scheme": "fooocus",
    "negative_prompt": "",
    "performance": "Speed",
    "prompt": "a fox",
    "refiner_model": "None",
    "resolution": "(1152, 896)",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": "5454545454545454545",
    "sharpness": 2,
    "steps": 30,
    "styles": "['Fooocus V2', 'Fooocus Enhance']",
    "vae": "Default (model)",
    "version": "Fooocus v2.5.5",
}
NOVELAI = {
    "prompt": "{fox}, [snow]",
    "uc": "lowres",
    "steps": 28,
    "height": 1216,
    "width": 832,
    "scale": 5.0,
    "seed": 123,
    "sampler": "k_euler_ancestral",
    "noise_schedule": "karras",
    "strength": 0.7,
    "sm": False,
    "signed_hash": "secret",
    "v4_prompt": {"caption": {"base_caption": "{fox}, [snow]", "char_captions": [{"char_caption": "girl, hat"}]}},
    "v4_negative_prompt": {"caption": {"base_caption": "lowres", "char_captions": []}},
}
FASTSD = {
    "lcm_model_id": "stabilityai/sd-turbo",
    "openvino_lcm_model_id": "rupeshs/x",
    "use_lcm_lora": True,
    "lcm_lora": {"base_model_id": "Lykon/dreamshaper-8", "lcm_lora_id": "latent-consistency/lcm-lora-sdv1-5"},
    "use_openvino": False,
    "prompt": "a fox",
    "negative_prompt": "",
    "strength": 0.6,
    "image_height": 512,
    "image_width": 768,
    "inference_steps": 4,
    "guidance_scale": 1.0,
    "number_of_images": 2,
    "seed": 123123,
    "use_seed": True,
    "diffusion_task": "text_to_image",
    "image_seeds": [11, 12],
}


SWARMUI = {
    "sui_image_params": {
        "prompt": "a photo of a cat",
        "model": "OfficialStableDiffusion/sd_xl_base_1.0",
        "seed": "1",
        "steps": 20,
        "cfgscale": "7.0",
        "aspectratio": "1:1",
        "width": 1024,
        "height": 1024,
        "sampler": "dpmpp_2m",
        "scheduler": "karras",
        "automaticvae": True,
        "vae": "x",
        "loras": "folder/moss,stone",
        "loraweights": ["0.5"],
        "negativeprompt": "mud",
        "swarm_version": "0.9.3.1",
    },
    "sui_extra_data": {"date": "2025-01-25"},
}


def found(texts: dict[str, Any]) -> FoundSettings:
    said = read({key: value if isinstance(value, str) else json.dumps(value) for key, value in texts.items()})
    assert said is not None
    return said


def test_invokeai() -> None:
    assert found({"invokeai_metadata": INVOKE, "invokeai_graph": "{}"}) == FoundSettings(
        prompt="a (red)1.2 fox++",
        negative_prompt="mud",
        steps=30,
        guidance_scale=6.5,
        seed=3735928559,
        size=Size(1024, 768),
        sampler=Sampler.DPMPP_2M,
        schedule=Schedule.KARRAS,
        strength=0.55,
        model="Juggernaut XL",
        sampler_name="dpmpp_2m_k",
        vae="fp16 fix",
        loras=(LoraUse("moss", 0.75),),
        dialect=Dialect.INVOKEAI,
        others=(
            ("Model hash", "blake3:00ff"),
            ("Generation mode", "sdxl_img2img"),
            ("Rand device", "cpu"),
            ("Clip skip", "0"),
            ("App version", "6.1.0"),
        ),
    )


def test_older_forms_of_invokeai() -> None:
    image = {"prompt": [{"prompt": "a fox [mud]", "weight": 1}], "steps": 9, "seed": 4, "sampler": "k_lms"}
    second = found({"sd-metadata": {"model_weights": "stable-diffusion-1.5", "image": image}})
    assert (second.prompt, second.negative_prompt, second.model) == ("a fox", "mud", "stable-diffusion-1.5")
    assert (second.steps, second.seed, second.sampler) == (9, 4, Sampler.LMS)
    first = found({"Dream": '"a "red" fox [mud, rain]" -s 50 -S 42 -W 512 -H 640 -C 7.5 -A k_euler_a'})
    assert (first.prompt, first.negative_prompt) == ('a "red" fox', "mud, rain")
    assert (first.steps, first.seed, first.size) == (50, 42, Size(512, 640))
    assert (first.guidance_scale, first.sampler, first.dialect) == (7.5, Sampler.EULER_A, Dialect.INVOKEAI)


def test_fooocus_by_its_own_scheme() -> None:
    said = found({PARAMETERS_KEY: FOOOCUS, "fooocus_scheme": "fooocus"})
    assert (said.prompt, said.steps, said.guidance_scale) == ("a fox", 30, 4)
    assert (said.seed, said.size, said.vae) == (5454545454545454545, Size(1152, 896), "")
    assert (said.sampler, said.schedule) == (Sampler.DPMPP_2M_SDE, Schedule.KARRAS)
    assert (said.model, said.model_hash) == ("juggernautXL_v8", "aeb7e9e689")
    assert said.loras == (LoraUse("sd_xl_offset", 0.1, "4852686128"),)
    assert said.dialect is Dialect.FOOOCUS
    titles = [title for title, _ in said.others]
    assert titles == ["Adm guidance", "Metadata scheme", "Performance", "Sharpness", "Styles", "Version"]
    # Nothing but the JSON is there where another program has copied the texts.
    assert found({PARAMETERS_KEY: FOOOCUS}) == said


def test_fooocus_by_the_titles_of_its_log_and_by_a1111s_text() -> None:
    titled = {"Prompt": "a fox", "Base Model": "x.safetensors", "LoRA 1": "True : a.safetensors : 0.5", "Seed": "7"}
    said = found({PARAMETERS_KEY: titled | {"LoRA 2": "False : b.safetensors : 1"}})
    assert (said.model, said.seed, said.loras) == ("x", 7, (LoraUse("a", 0.5),))
    line = "Steps: 30, Sampler: DPM++ 2M SDE Karras, Seed: 5, Size: 8x8, CFG scale: 4, Scheduler: karras"
    text = f'a fox, cinematic\n{line}, Lora hashes: "m: 1234567890", Lora weights: "m: 0.3", Version: Fooocus v2'
    said = found({PARAMETERS_KEY: text, "fooocus_scheme": "a1111"})
    assert (said.dialect, said.sampler, said.schedule_name) == (
        Dialect.FOOOCUS,
        Sampler.DPMPP_2M_SDE,
        "karras",
    )
    assert said.loras == (LoraUse("m", 0.3, "1234567890"),)


def test_novelai_with_its_characters() -> None:
    texts = {"Software": "NovelAI", "Source": "NovelAI Diffusion V4 37442FCA", "Description": "x", "Comment": NOVELAI}
    said = found(texts)
    assert (said.prompt, said.negative_prompt) == ("{fox}, [snow]\ngirl, hat", "lowres")
    assert (said.steps, said.guidance_scale, said.seed, said.size) == (28, 5, 123, Size(832, 1216))
    assert (said.sampler, said.schedule) == (Sampler.EULER_A, Schedule.KARRAS)
    assert (said.model, said.strength) == ("NovelAI Diffusion V4", None)
    assert said.others == (("Model hash", "37442FCA"),)


def test_the_first_version_of_novelai_has_its_prompt_elsewhere() -> None:
    texts = {"Software": "NovelAI", "Description": "a fox", "Comment": {"steps": 28, "sampler": "plms", "seed": 1}}
    assert (found(texts).prompt, found(texts).sampler) == ("a fox", Sampler.PNDM)


def test_swarmui() -> None:
    assert found({PARAMETERS_KEY: SWARMUI}) == FoundSettings(
        prompt="a photo of a cat",
        negative_prompt="mud",
        steps=20,
        guidance_scale=7,
        seed=1,
        size=Size(1024, 1024),
        sampler=Sampler.DPMPP_2M,
        schedule=Schedule.KARRAS,
        model="sd_xl_base_1.0",
        sampler_name="dpmpp_2m",
        schedule_name="karras",
        loras=(LoraUse("moss", 0.5), LoraUse("stone")),
        dialect=Dialect.SWARMUI,
        others=(("Swarm version", "0.9.3.1"),),
    )


@pytest.mark.parametrize(("place", "seed"), [("0", 11), ("1", 12), ("2", None), ("", None)])
def test_fastsd_has_a_seed_for_each_picture(place: str, seed: int | None) -> None:
    said = found({"fastsd": FASTSD, "fastsd_place": place})
    assert said == FoundSettings(
        prompt="a fox",
        steps=4,
        guidance_scale=1,
        seed=seed,
        size=Size(768, 512),
        sampler=Sampler.LCM,
        model="Lykon/dreamshaper-8",
        sampler_name="LCM",
        loras=(LoraUse("latent-consistency/lcm-lora-sdv1-5"),),
        dialect=Dialect.FASTSD,
        others=(("Diffusion task", "text_to_image"),),
    )


def test_our_own_goes_first_and_a_damaged_one_does_not_hide_the_others() -> None:
    metadata = described(FOX)
    texts = {**metadata.text_chunks(), "invokeai_metadata": json.dumps(INVOKE)}
    assert read(texts) == FoundSettings.of_metadata(metadata)
    assert found({**texts, OWN_KEY: "{"}).dialect is Dialect.INVOKEAI
    del texts["invokeai_metadata"]
    assert found({**texts, OWN_KEY: '{"version": 99}'}).dialect is Dialect.A1111
    assert read({"Comment": "hello"}) is None
    assert read({}) is None


@pytest.mark.parametrize(
    ("folded", "dialect"),
    [
        ({"invokeai_metadata": INVOKE}, Dialect.INVOKEAI),
        ({"invokeai_metadata": json.dumps(INVOKE)}, Dialect.INVOKEAI),
        ({"prompt": plain(), "workflow": {}, "extraMetadata": "{}"}, Dialect.COMFYUI),
        (plain(), Dialect.COMFYUI),
        (NOVELAI, Dialect.NOVELAI),
        ({"Comment": json.dumps(NOVELAI), "Software": "NovelAI"}, Dialect.NOVELAI),
    ],
)
def test_texts_that_are_folded_into_one_are_found(folded: dict[str, Any], dialect: Dialect) -> None:
    assert found({PARAMETERS_KEY: folded}).dialect is dialect


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        (("DPM++ 2M Karras",), (Sampler.DPMPP_2M, Schedule.KARRAS)),
        (("DPM++ 2M SDE Exponential",), (Sampler.DPMPP_2M_SDE, Schedule.EXPONENTIAL)),
        (("dpmpp_2m", "karras"), (Sampler.DPMPP_2M, Schedule.KARRAS)),
        (("dpmpp_2m_k",), (Sampler.DPMPP_2M, Schedule.KARRAS)),
        (("k_euler_ancestral", "native"), (Sampler.EULER_A, None)),
        (("k_dpm_2_a",), (Sampler.DPM2_A, None)),
        (("sample_dpmpp_2m_sde", "sgm_uniform"), (Sampler.DPMPP_2M_SDE, Schedule.SGM_UNIFORM)),
        (("Euler a", "Automatic"), (Sampler.EULER_A, None)),
        (("DPM++ 2M SDE Heun",), (None, None)),
        (("dpmpp_3m_sde", "exponential"), (None, Schedule.EXPONENTIAL)),
        (("Karras",), (None, None)),
        (("",), (None, None)),
    ],
)
def test_a_sampler_is_known_by_any_of_its_names(names: tuple[str, ...], meant: tuple[object, object]) -> None:
    assert understood(*names) == meant


def test_every_sampler_and_schedule_is_known_by_its_own_name_and_its_title() -> None:
    for sampler in Sampler:
        assert understood(sampler.value)[0] is understood(sampler.title)[0] is sampler
        for schedule in Schedule:
            assert understood(f"{sampler.title} {schedule.title}") == (sampler, schedule)
            assert understood(sampler.title, schedule.value) == (sampler, schedule)


# --- whatever comes

KEYS = (
    *(OWN_KEY, PARAMETERS_KEY, "invokeai_metadata", "sd-metadata", "Dream", "fooocus_scheme", "prompt", "workflow"),
    *("Comment", "Software", "Source", "Description", "fastsd", "fastsd_place"),
)
SAMPLES = [
    {"image": {"prompt": [{"prompt": "x"}]}},
    INVOKE,
    FOOOCUS,
    NOVELAI,
    FASTSD,
    SWARMUI,
    SWARMUI["sui_image_params"],
    plain(),
]
WORDS = sorted({key for sample in SAMPLES for key in sample} | {"name", "caption", "weight"})
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("parameters", {"sui_image_params": SWARMUI["sui_image_params"] | {"automaticvae": []}}),
        ("workflow", {"nodes": [{"id": 1, "type": "KSampler", "mode": [], "inputs": []}]}),
        ("workflow", {"nodes": [{"id": [], "type": {}, "mode": {}, "inputs": [{"name": [], "link": {}}]}]}),
    ],
)
def test_a_list_in_the_place_of_a_word_is_survived(key: str, said: dict[str, Any]) -> None:
    read({key: json.dumps(said)})


def test_what_can_just_be_parsed_need_not_be_written_again() -> None:
    for depth in range(900, 1000):
        deep = "[" * depth + "]" * depth
        for key in ("invokeai_metadata", "parameters"):
            read({key: f'{{"positive_prompt": "x", "workflow": 1, "prompt": {deep}, "foo": {deep}}}'})


def test_half_a_surrogate_pair_is_not_handed_on() -> None:
    words = r'{"positive_prompt": "fox \ud83e", "foo": "\udc00", "loras": [{"model": {"name": "\ud800"}, "weight": 1}]}'
    said = read({"invokeai_metadata": words})
    assert said is not None
    assert (said.prompt, said.others, said.loras[0].name) == ("fox ?", (("Foo", "?"),), "?")
    assert FoundSettings.from_json(said.to_json()) == said
    whole = read({"invokeai_metadata": r'{"positive_prompt": "fox \ud83e\udd8a"}'})
    assert whole is not None
    assert whole.prompt == "fox \U0001f98a"


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING.map(json.dumps) | st.text(max_size=40), max_size=4))
def test_any_texts_are_read(texts: dict[str, str]) -> None:
    if said := read(texts):
        assert FoundSettings.from_json(said.to_json()) == said
        said.described()
    unfolded(texts)


@settings(max_examples=50)
@given(st.sampled_from(SAMPLES), st.sampled_from(WORDS), ANYTHING)
def test_a_sample_with_anything_in_the_place_of_a_value_is_read(
    sample: dict[str, Any], key: str, value: object
) -> None:
    text = json.dumps(sample | {key: value})
    for place in KEYS:
        for reader in DIALECTS:
            reader({place: text})


@pytest.mark.parametrize(
    "text", ["[" * 10**6, '{"a":' * 10**5, '{"a":[' + "{}," * 10**6 + "{}]}", '{"a":' + "9" * 10**5]
)
@pytest.mark.parametrize("key", KEYS)
def test_json_made_to_do_harm_says_nothing(key: str, text: str) -> None:
    said = read({key: text})
    assert said is None or said.steps is None
