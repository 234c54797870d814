"""Stage 3, `python -m starter_model.text_encoder`: build the tokenizer and distil the text encoder from MiniLM."""

import argparse
import random
from pathlib import Path
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer, CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from starter_model.pack import Pack
from starter_model.prompts import held_out_captions
from starter_model.schedule import Budget, rate
from starter_model.things import load_things
from starter_model.vocabulary import TOKENS, build_tokenizer, caption_words, frequent_words, phrases

TEXT_WIDTH = 256
_TEACHER_WIDTH = 384
_BATCH = 192
_TEMPERATURE = 0.07


def new_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """Return an untrained text encoder for a tokenizer."""
    end = cast("int", tokenizer.eos_token_id)
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=TEXT_WIDTH,
            intermediate_size=4 * TEXT_WIDTH,
            num_hidden_layers=3,
            num_attention_heads=4,
            max_position_embeddings=TOKENS,
            hidden_act="gelu",
            projection_dim=TEXT_WIDTH,
            bos_token_id=cast("int", tokenizer.bos_token_id),
            eos_token_id=end,
            pad_token_id=end,
        )
    )


def token_ids(tokenizer: CLIPTokenizer, texts: list[str]) -> Tensor:
    """Return (N, 32) int64 token ids, padded as the stock pipelines pad them."""
    encoded = tokenizer(texts, padding="max_length", truncation=True, max_length=TOKENS, return_tensors="pt")
    return cast("Tensor", encoded["input_ids"])


@torch.no_grad()
def teacher_embeddings(folder: Path, texts: list[str], batch: int = 128) -> Tensor:
    """Return what MiniLM says of each text: (N, 384) float32 of unit length, the mean over its tokens."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    embeddings = torch.zeros(len(texts), _TEACHER_WIDTH)
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        inputs = tokenizer(
            [texts[index] for index in chosen], padding=True, truncation=True, max_length=48, return_tensors="pt"
        )
        hidden = model(**inputs).last_hidden_state
        mask = inputs["attention_mask"][..., None].float()
        embeddings[chosen] = F.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)
    return embeddings


class Distillation:
    """The text encoder learns to place phrases where the teacher places them."""

    def __init__(self, tokenizer: CLIPTokenizer, texts: list[str], embeddings: Tensor) -> None:
        self.student = new_text_encoder(tokenizer)
        self._head = nn.Linear(TEXT_WIDTH, _TEACHER_WIDTH)
        self._ids = token_ids(tokenizer, texts)
        end = cast("int", tokenizer.eos_token_id)
        self._ends = (self._ids == end).int().argmax(1)
        # Without the mean every pair of short phrases looks alike to the teacher.
        self._targets = F.normalize(embeddings - embeddings.mean(0), dim=-1)
        held_out = torch.arange(len(texts)) % 40 == 0
        self._held_out = held_out.nonzero()[:, 0][:256]
        self._kept = (~held_out).nonzero()[:, 0]

    def train(self, minutes: float, peak: float = 1e-3) -> float:
        """Train for that long and return the mean cosine over held-out phrases."""
        parameters = [*self.student.parameters(), *self._head.parameters()]
        optimizer = torch.optim.AdamW(parameters, lr=peak, betas=(0.9, 0.98), weight_decay=0.01)
        budget, step = Budget.start(minutes), 0
        while budget.fraction < 1:
            for group in optimizer.param_groups:
                group["lr"] = rate(peak, step, budget.fraction, 0.7, warm_up=50)
            chosen = self._kept[torch.randint(len(self._kept), (_BATCH,))]
            loss = self._loss(chosen)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            step += 1
            if step % 25 == 0:
                print(f"step {step} loss {loss.item():.3f} held-out cosine {self.cosine():.3f}", flush=True)
        return self.cosine()

    @torch.no_grad()
    def cosine(self) -> float:
        """Return the mean cosine between student and teacher over held-out phrases."""
        return float((self._embed(self._held_out) * self._targets[self._held_out]).sum(-1).mean())

    def _embed(self, chosen: Tensor) -> Tensor:
        ends = self._ends[chosen]
        longest = int(ends.max()) + 1
        hidden = self.student(input_ids=self._ids[chosen, :longest]).last_hidden_state
        return F.normalize(self._head(hidden[torch.arange(len(chosen)), ends]), dim=-1)

    def _loss(self, chosen: Tensor) -> Tensor:
        """Return cosine distance plus half an InfoNCE over the batch (van den Oord et al. 2018)."""
        embedded, wanted = self._embed(chosen), self._targets[chosen]
        contrast = F.cross_entropy(embedded @ wanted.T / _TEMPERATURE, torch.arange(len(chosen)))
        return (1 - (embedded * wanted).sum(-1)).mean() + 0.5 * contrast


def main() -> None:
    """Build the tokenizer and distil the text encoder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", required=True, help="folder of the training pack")
    parser.add_argument("--teacher", required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--work", default="work", help="folder for checkpoints")
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--captions", type=int, default=5000)
    parser.add_argument("--keywords", type=int, default=6000, help="names and keywords of the pack at most")
    parser.add_argument("--words", type=int, default=2500, help="frequent English words")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    folder, teacher = Path(arguments.work) / "text", Path(arguments.teacher)
    spoken = phrases(Pack(Path(arguments.pack)), load_things(), arguments.captions, held_out_captions(), arguments.seed)
    words = frequent_words(teacher, arguments.words)
    tokenizer = build_tokenizer([*spoken * 3, *caption_words() * 50, *words * 2], folder / "tokenizer")
    spoken = spoken[: arguments.captions + arguments.keywords]
    texts = [*spoken, *words]
    random.Random(arguments.seed).shuffle(texts)
    print(f"{len(texts)} phrases, {len(tokenizer)} tokens", flush=True)
    cache = folder / "teacher.pt"
    embeddings = torch.load(cache, weights_only=True) if cache.is_file() else teacher_embeddings(teacher, texts)
    torch.save(embeddings, cache)
    print("taught", flush=True)
    distillation = Distillation(tokenizer, texts, embeddings)
    print(f"held-out cosine {distillation.train(arguments.minutes):.3f}", flush=True)
    distillation.student.save_pretrained(folder / "text_encoder")


if __name__ == "__main__":
    main()
