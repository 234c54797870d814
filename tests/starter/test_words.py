"""Captions and the vocabulary they are read with."""

import random

import pytest
from transformers import CLIPTokenizer

from starter_model.captions import Style, article, finish, normalised
from starter_model.composites import Mix, Painter, Plan
from starter_model.pack import Pack
from starter_model.prompts import held_out_captions, load_prompts
from starter_model.things import load_things
from starter_model.vocabulary import TOKENS
from tests.starter.conftest import EDGE, THINGS

EVERY_KIND = Mix(white=0.3, gradient=0.2, tinted=0.3, two=0.2, small=0.2)


@pytest.mark.parametrize(
    ("name", "said"),
    [("fox", "a fox"), ("apple", "an apple"), ("grapes", "grapes"), ("popcorn", "popcorn"), ("bus", "a bus")],
)
def test_a_thing_takes_its_article(name: str, said: str) -> None:
    assert article(name) == said


def test_a_caption_joins_thing_style_and_background() -> None:
    said = finish("a fox", "3d", "on a blue background", random.Random(0))
    assert said == "a fox on a blue background, 3d"


def test_two_captions_compare_as_the_tokenizer_sees_them() -> None:
    assert normalised("A fox,  3d") == normalised("a fox , 3d")


def test_a_held_out_caption_is_never_said(pack: Pack) -> None:
    plan = Plan((0,), Style.FLAT)
    spoken = Painter(pack, THINGS, EDGE)
    rng = random.Random(0)
    usual = {normalised(spoken.caption(plan, rng)) for _ in range(300)}
    banned = frozenset(sorted(usual)[: len(usual) // 2])
    careful = Painter(pack, THINGS, EDGE, held_out=banned)
    assert banned
    assert not banned & {normalised(careful.caption(plan, rng)) for _ in range(300)}


def test_captions_that_are_all_held_out_are_an_error(pack: Pack) -> None:
    plan = Plan((0,), Style.FLAT)
    rng = random.Random(0)
    usual = frozenset(normalised(Painter(pack, THINGS, EDGE).caption(plan, rng)) for _ in range(3000))
    with pytest.raises(ValueError, match="held out"):
        Painter(pack, THINGS, EDGE, held_out=usual).caption(plan, rng)


def test_the_hundred_prompts_speak_of_things_the_model_claims() -> None:
    prompts = load_prompts()
    names = {thing.name for thing in load_things()}
    assert len({prompt.text for prompt in prompts}) == 100
    assert {prompt.thing for prompt in prompts} <= names
    assert len(held_out_captions()) == 100


def test_things_have_names_of_their_own() -> None:
    things = load_things()
    names = [thing.name for thing in things]
    assert 150 <= len(set(names)) == len(names) <= 250
    assert not set(names) & {word for thing in things for word in thing.also}


def test_the_vocabulary_reads_captions_as_clip_does(tokenizer: CLIPTokenizer, pack: Pack) -> None:
    rng = random.Random(3)
    painter = Painter(pack, THINGS, EDGE, EVERY_KIND)
    for _ in range(40):
        caption = painter.caption(painter.plan(rng), rng)
        ids = tokenizer(caption)["input_ids"]
        assert len(ids) <= TOKENS
        read = str(tokenizer.decode(ids, skip_special_tokens=True))
        # CLIP's tokenizer parts a number from the letter behind it: "3d" is read as "3 d".
        assert read.replace(" ", "") == normalised(caption).replace(" ", "")
    assert tokenizer.model_max_length == TOKENS


def test_unseen_letters_are_still_read(tokenizer: CLIPTokenizer) -> None:
    assert len(tokenizer("žluťoučký 狐")["input_ids"]) > 2
