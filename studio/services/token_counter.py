"""Counting a prompt's tokens as the model will, without loading the model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from studio.domain.errors import BrokenModel

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

_MARKS: Final = 2
"""Begin and end."""
_SPLIT: Final = r"""<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""


class TokenCounter:
    """Counts with a model's own vocabulary. Building one reads its files (about 50 ms); not for the main thread."""

    def __init__(self, model_folder: Path) -> None:
        """Read the vocabulary of a diffusers folder.

        Raises:
            BrokenModel: it has none, or a damaged one.
        """
        folder = model_folder / "tokenizer"
        try:
            self._tokenizer = _tokenizer(folder)
        except Exception as error:  # tokenizers raises bare Exception for a vocabulary it does not like
            raise BrokenModel(
                f"The model {model_folder} cannot be used",
                f"its vocabulary cannot be read: {error}",
                "Copy or download the model again",
            ) from error

    def count(self, text: str) -> int:
        """Return the number of tokens, begin and end marks included; more than the model's limit are not read."""
        # Half a surrogate pair, which a clipboard can hold, cannot be handed over to the tokenizer.
        encoding = self._tokenizer.encode(text.encode(errors="replace").decode(), add_special_tokens=False)
        return len(encoding.ids) + _MARKS


def _tokenizer(folder: Path) -> Tokenizer:
    # Imported here: the class costs nothing on the way to the first painted window, only the first count does.
    from tokenizers import Tokenizer  # noqa: PLC0415 - see above

    whole = folder / "tokenizer.json"
    if not whole.exists():
        return _clip_tokenizer(folder)
    tokenizer = Tokenizer.from_file(str(whole))
    tokenizer.no_truncation()  # the file may ask for it, and then a long prompt would seem to fit
    tokenizer.no_padding()
    return tokenizer


def _clip_tokenizer(folder: Path) -> Tokenizer:
    """Return CLIP's tokenizer from its two files. Source: ``CLIPTokenizer`` of transformers 5."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers  # noqa: PLC0415 - as above

    vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))
    lines = (folder / "merges.txt").read_text("utf-8").splitlines()
    merges = [(left, right) for left, _, right in (line.partition(" ") for line in lines[1:] if line)]
    unknown = _unknown_token(folder)
    model = models.BPE(vocab=vocabulary, merges=merges, end_of_word_suffix="</w>", unk_token=unknown)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_SPLIT), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    return tokenizer


def _unknown_token(folder: Path) -> str:
    config: dict[str, Any] = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    token = config.get("unk_token", "<|endoftext|>")
    return token["content"] if isinstance(token, dict) else token
