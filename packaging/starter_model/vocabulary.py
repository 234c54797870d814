"""The tokenizer: a small byte-pair vocabulary in CLIP's format, learnt from the words of the captions."""

import json
import random
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

from starter_model.captions import COLOURS, STYLE_WORDS
from starter_model.composites import Mix, Painter
from starter_model.pack import Pack
from starter_model.things import Thing

TOKENS = 32
VOCABULARY = 5120
_SPECIAL = 514
# CLIP's own rule for what a word is (openai/CLIP, simple_tokenizer.py).
_WORDS = r"""'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""
CAPTION_MIX = Mix(white=0.4, gradient=0.15, tinted=0.3, two=0.15, small=0.1, unstyled=0.3)


def phrases(pack: Pack, things: tuple[Thing, ...], captions: int, held_out: frozenset[str], seed: int) -> list[str]:
    """Return what the text encoder has to understand, each once: names, keywords and captions.

    Args:
        pack: Names and keywords of every concept, drawn or not, so that a word nobody drew still has a meaning.
        things: What the captions speak of.
        captions: How many of them.
        held_out: Captions left out.
        seed: Of the captions.
    """
    rng = random.Random(seed)
    painter = Painter(pack, things, 64, CAPTION_MIX, held_out)
    own = [word for thing in things for word in (thing.name, *thing.also)]
    spoken = [painter.caption(painter.plan(rng), rng) for _ in range(captions)]
    return list(dict.fromkeys([*own, *COLOURS, *spoken, *pack.phrases()]))


def frequent_words(teacher: Path, count: int) -> list[str]:
    """Return English words from the teacher's vocabulary, which lists the more frequent ones first."""
    lines = (teacher / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return [word for word in lines if word.isascii() and word.isalpha() and len(word) > 2][:count]


def build_tokenizer(texts: list[str], folder: Path, size: int = VOCABULARY) -> CLIPTokenizer:
    """Learn a vocabulary and write it as a CLIPTokenizer.

    Args:
        texts: What to learn from; repeated texts weigh more.
        folder: Where to write it.
        size: Entries at most, the two marks included.
    """
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    learner = Tokenizer(models.BPE(continuing_subword_prefix="", end_of_word_suffix="</w>"))
    learner.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=size - _SPECIAL,
        min_frequency=2,
        end_of_word_suffix="</w>",
        initial_alphabet=alphabet,
        show_progress=False,
    )
    learner.train_from_iterator(texts, trainer)
    merges = [tuple(pair) for pair in json.loads(learner.to_str())["model"]["merges"]]
    letters = sorted(alphabet)
    ends = ("<|startoftext|>", "<|endoftext|>")
    entries = dict.fromkeys([*letters, *(f"{letter}</w>" for letter in letters), *map("".join, merges), *ends])
    folder.mkdir(parents=True, exist_ok=True)
    numbered = {entry: number for number, entry in enumerate(entries)}
    (folder / "vocab.json").write_text(json.dumps(numbered, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    tokenizer = CLIPTokenizer.from_pretrained(folder, model_max_length=TOKENS)
    tokenizer.save_pretrained(folder)
    return tokenizer


def caption_words() -> list[str]:
    """Return the words that nearly every caption has, so that each is one token."""
    styles = [word for words in STYLE_WORDS.values() for word in words]
    return [*styles, *COLOURS, "background", "gradient", "small", "left", "right", "next", "and", "with", "the"]
