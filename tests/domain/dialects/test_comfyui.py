"""The way back through ComfyUI's graphs leads to what painted the picture, and always ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.dialect import Dialect
from studio.domain.dialects import read
from studio.domain.found_settings import FoundSettings
from studio.domain.geometry import Size
from studio.domain.lora import LoraUse
from studio.domain.samplers import Sampler, Schedule
from tests.domain.dialects.graphs import ENLARGED, FLUX, REFINED, WORKFLOW, node, plain


def found(graph: dict[str, Any], key: str = "prompt") -> FoundSettings:
    said = read({key: json.dumps(graph)})
    assert said is not None
    assert said.dialect is Dialect.COMFYUI
    return said


def test_the_settings_of_a_plain_graph() -> None:
    assert found(plain()) == FoundSettings(
        prompt="a glass bottle, (galaxy:1.2)",
        negative_prompt="text, watermark",
        steps=20,
        guidance_scale=8,
        seed=8566257,
        size=Size(512, 768),
        sampler=Sampler.DPMPP_2M,
        schedule=Schedule.KARRAS,
        model="v1-5-pruned",
        sampler_name="dpmpp_2m",
        schedule_name="karras",
        dialect=Dialect.COMFYUI,
    )


def test_of_several_passes_the_first_counts_and_nothing_may_be_to_avoid() -> None:
    said = found(REFINED)
    assert (said.prompt, said.negative_prompt) == ("a photo of a cat", "")
    assert (said.model, said.seed, said.steps) == ("sd_xl_base_1.0", 42, 25)
    assert (said.sampler, said.schedule) == (Sampler.EULER, Schedule.UNIFORM)
    assert said.others == (("Later passes", "1"), ("Steps of the last pass", "30"))


def test_a_second_pass_does_not_hide_the_size_of_the_first() -> None:
    said = found(ENLARGED)
    assert (said.size, said.steps, said.strength) == (Size(512, 768), 20, None)
    assert dict(said.others)["Denoising strength of the last pass"] == "0.5"


def test_of_several_saved_pictures_nothing_tells_which_it_is() -> None:
    more = {f"n9{n}": node("SaveImage", images=["8", 0]) for n in range(2)}
    assert found(plain(**more)).others == (("Pictures that the graph saves", "3"),)


def test_a_sampler_in_parts_with_numbers_and_words_from_other_nodes() -> None:
    said = found(FLUX)
    assert (said.prompt, said.negative_prompt) == ("a red fox, in the snow", "")
    assert (said.steps, said.guidance_scale, said.size) == (28, None, Size(768, 1024))
    assert (said.sampler, said.schedule) == (Sampler.EULER_A, Schedule.SGM_UNIFORM)
    assert (said.model, said.vae) == ("flux1-dev", "ae")
    assert said.loras == (LoraUse("first", 0.5), LoraUse("second", 0.75))
    # A seed that no column of the index holds is told in words.
    assert said.seed is None
    assert said.others == (("Seed", str(2**64 - 1)), ("Distilled guidance scale", "3.5"))


def test_a_picture_it_began_with_has_a_strength_and_no_size() -> None:
    sampler = plain()["3"]["inputs"] | {"denoise": 0.6, "latent_image": ["20", 0]}
    graph = plain(
        n3=node("KSampler", **sampler),
        n20=node("VAEEncode", pixels=["21", 0], vae=["4", 2]),
        n21=node("LoadImage", image="fox.png"),
    )
    assert (found(graph).strength, found(graph).size) == (0.6, None)


def test_a_sampler_and_an_encoder_of_an_extension_are_known_by_what_feeds_them() -> None:
    graph = {
        "1": node("Efficient Loader", ckpt_name="x.ckpt", positive="a fox", negative="mud", vae_name="Baked VAE"),
        "2": node("KSampler (Efficient)", seed=1, steps=5, cfg=2, sampler_name="uni_pc", scheduler="x", pipe=["1", 0]),
        "3": node("Image Saver Save", images=["2", 5]),
    }
    said = found(graph)
    assert (said.prompt, said.negative_prompt, said.model) == ("a fox", "mud", "x")
    assert (said.sampler, said.schedule, said.schedule_name) == (Sampler.UNIPC, None, "x")


def test_one_encoder_for_both_prompts_keeps_them_apart() -> None:
    graph = {
        "1": node("WanVideoTextEncode", positive_prompt=["4", 0], negative_prompt="mud", t5=["5", 0]),
        "2": node("WanVideoSampler", steps=5, cfg=2, seed=1, scheduler="unipc", text_embeds=["1", 0], samples=["6", 0]),
        "3": node("VHS_VideoCombine and Save", images=["2", 0]),
        "4": node("Text Multiline", text="a fox"),
    }
    assert (found(graph).prompt, found(graph).negative_prompt) == ("a fox", "mud")


def test_a_node_that_controls_both_prompts_keeps_them_apart() -> None:
    control = node("ControlNetApplyAdvanced", positive=["6", 0], negative=["7", 0], strength=1, image=["22", 0])
    sampler = plain()["3"]["inputs"] | {"positive": ["21", 0], "negative": ["21", 1]}
    said = found(plain(n3=node("KSampler", **sampler), n21=control))
    assert (said.prompt, said.negative_prompt) == ("a glass bottle, (galaxy:1.2)", "text, watermark")


def test_combined_prompts_stand_on_lines_of_their_own() -> None:
    both = node("ConditioningCombine", conditioning_1=["6", 0], conditioning_2=["22", 0])
    other = node("CLIPTextEncode", text="a purple sky", clip=["4", 1])
    sampler = plain()["3"]["inputs"] | {"positive": ["21", 0]}
    said = found(plain(n3=node("KSampler", **sampler), n21=both, n22=other))
    assert said.prompt == "a glass bottle, (galaxy:1.2)\na purple sky"


def test_the_editors_graph_does_where_there_is_no_other() -> None:
    said = found(WORKFLOW, "workflow")
    assert (said.prompt, said.negative_prompt) == ("a bottle", "watermark")
    assert (said.seed, said.steps, said.guidance_scale) == (156680208700286, 20, 8)
    assert (said.sampler, said.schedule, said.strength) == (Sampler.EULER, Schedule.KARRAS, 0.75)
    assert (said.size, said.model, said.loras) == (Size(512, 640), "v1-5", ())


def test_the_graph_that_ran_goes_before_the_editors() -> None:
    texts = {"prompt": json.dumps(plain()), "workflow": json.dumps(WORKFLOW)}
    said = read(texts)
    assert said is not None
    assert said.seed == 8566257
    assert read({"prompt": "{", "workflow": json.dumps(WORKFLOW)}) == found(WORKFLOW, "workflow")


def test_a_graph_that_bites_its_tail_ends() -> None:
    graph = {
        "1": node("KSampler", seed=["2", 0], steps=["2", 0], sampler_name="euler", cfg=["1", 0], positive=["3", 0]),
        "2": node("Reroute", value=["2", 0]),
        "3": node("CLIPTextEncode", text=["4", 0], conditioning=["3", 0]),
        "4": node("Concat", string_a=["4", 0], string_b=["5", 0]),
        "5": node("Concat", string_a=["4", 0], string_b="end"),
        "9": node("SaveImage", images=["1", 0]),
    }
    said = found(graph)
    assert (said.prompt, said.seed, said.steps, said.guidance_scale) == ("end", None, None, None)


def test_many_ways_to_one_node_take_no_longer_than_one() -> None:
    knots = {str(i): node("Mix", string_a=[str(i + 1), 0], string_b=[str(i + 1), 0]) for i in range(20, 90)}
    graph = plain(n6=node("CLIPTextEncode", text=["20", 0]), **knots, n90=node("PrimitiveString", value="once"))
    assert found(graph).prompt == "once"


@pytest.mark.parametrize(
    "graph", [{}, {"1": 2}, {"1": node("SaveImage", images=["7", 0])}, {"nodes": {}, "links": 3}, {"1": {"inputs": 3}}]
)
def test_a_graph_in_which_nothing_samples_says_nothing(graph: dict[str, Any]) -> None:
    assert read({"prompt": json.dumps(graph), "workflow": json.dumps(graph)}) is None


NAMES = st.sampled_from(
    ["seed", "steps", "cfg", "sampler_name", "model", "positive", "negative", "latent_image", "text"]
)
LINKS = st.tuples(st.sampled_from("0123456"), st.integers(-1, 2)).map(list)
VALUES = LINKS | st.integers() | st.floats() | st.text(max_size=5) | st.none() | st.lists(st.integers(), max_size=3)
KINDS = st.sampled_from(["KSampler", "SaveImage", "LoraLoader", "CLIPTextEncode", "Reroute"])
NODES = st.builds(lambda kind, inputs: {"class_type": kind, "inputs": inputs}, KINDS, st.dictionaries(NAMES, VALUES))


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from("0123456"), NODES | VALUES))
def test_any_graph_is_read(graph: dict[str, Any]) -> None:
    read({"prompt": json.dumps(graph)})


@settings(max_examples=30)
@given(
    st.recursive(VALUES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4)),
    st.recursive(VALUES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4)),
)
def test_any_workflow_is_read(nodes: object, links: object) -> None:
    read({"workflow": json.dumps({"nodes": nodes, "links": links})})
    read({"workflow": json.dumps({"nodes": [{"id": 1, "type": "KSampler", "inputs": nodes, "widgets_values": links}]})})
