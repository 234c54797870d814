"""Train the shipped model further and export it again, in one command: `python -m starter_model.train_further`.

Goes on from the last checkpoint in the work folder or, where there is none, from the shipped weights.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import torch

PACKAGING = Path(__file__).parents[1]
SHIPPED = PACKAGING.parent / "resources" / "models" / "starter"


def prepare(work: Path, shipped: Path) -> None:
    """Take from the shipped model what the work folder lacks: autoencoder, tokenizer, text encoder."""
    for part, place in (
        ("vae", work / "autoencoder" / "vae"),
        ("tokenizer", work / "text" / "tokenizer"),
        ("text_encoder", work / "text" / "text_encoder"),
    ):
        if not place.is_dir():
            shutil.copytree(shipped / part, place)


def together(processes: int, stage: str, *arguments: str) -> list[str]:
    """Return the command that runs a stage in several processes."""
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes))
    return [sys.executable, *launcher, "-m", f"starter_model.{stage}", *arguments]


def run(command: list[str]) -> None:
    """Run a stage to its end.

    Raises:
        subprocess.CalledProcessError: It failed; it has said why.
    """
    paths = os.pathsep.join(filter(None, [str(PACKAGING), os.environ.get("PYTHONPATH", "")]))
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": paths})


def main() -> None:
    """Prepare, encode, train, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", required=True, help="folder of the training pack")
    parser.add_argument("--work", default="work", help="folder for checkpoints")
    parser.add_argument("--model", default=str(SHIPPED), help="the diffusers folder to go on from and to write")
    parser.add_argument("--minutes", type=float, default=480)
    parser.add_argument("--chunks", type=int, default=16, help="chunks of encoded scenes to train on")
    parser.add_argument("--batch", type=int, default=24, help="samples a step and process; 512 suits a GPU")
    parser.add_argument("--rate", type=float, default=6e-4)
    on_gpu = torch.cuda.is_available()
    parser.add_argument("--processes", type=int, default=1 if on_gpu else os.cpu_count() or 1)
    arguments = parser.parse_args()
    work, model = Path(arguments.work), Path(arguments.model)
    prepare(work, model)
    kept = ("--work", str(work))
    run(together(arguments.processes, "latents", "--pack", arguments.pack, *kept, "--chunks", str(arguments.chunks)))
    spent = ("--minutes", str(arguments.minutes), "--batch", str(arguments.batch), "--rate", str(arguments.rate))
    run(together(arguments.processes, "painting", *kept, "--start-from", str(model), *spent))
    run([sys.executable, "-m", "starter_model.export", *kept, "--out", str(model)])


if __name__ == "__main__":
    main()
