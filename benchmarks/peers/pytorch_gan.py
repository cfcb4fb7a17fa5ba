"""PyTorch-GAN (github.com/eriklindernoren/PyTorch-GAN): its wgan_gp.py, a script, run as it is, batch by batch."""

import contextlib
import io
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from peers.foreign import checkout, elsewhere, stand_in
from peers.match import Adam, Match, Step, players
from torch import Tensor

from rivals.feed import Feed
from rivals.games import WGANGP
from rivals.parts.priors import gaussian
from rivals.recipes import Machine

BATCH, LATENT, CRITIC_STEPS, SHAPE = 64, 100, 5, (1, 28, 28)
PLACE = "implementations/wgan_gp"


def matches(path: str) -> list[Match]:
    script = checkout(path, "pytorch-gan", f"{PLACE}/wgan_gp.py") / PLACE / "wgan_gp.py"
    stand_in("torchvision", "torchvision.transforms", "torchvision.utils")  # it downloads its data on import
    running = Script(script)

    def ours(machine: Machine) -> Any:
        names = running.names
        networks = players(names["generator"], names["discriminator"], Adam(beta1=0.5, beta2=0.999), machine)
        return WGANGP(*networks, gaussian(LATENT), critic_steps=CRITIC_STEPS)

    def theirs(feed: Feed, device: str) -> Step:  # the script takes a GPU where there is one
        running.feed = feed
        return lambda: running.batches(CRITIC_STEPS)

    moves = f"{CRITIC_STEPS} steps of the critic, one of the generator"
    return [Match("PyTorch-GAN wgan_gp", moves, SHAPE, BATCH, theirs, ours)]


class Script:
    """A training script in a thread of its own, which waits for each batch until it is asked to go on."""

    feed: Feed

    def __init__(self, path: Path) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.go, self.waits = threading.Semaphore(0), threading.Semaphore(0)
        code = compile(path.read_text(), str(path), "exec")
        with elsewhere("one/two"), patch.object(sys, "argv", ["wgan_gp.py"]):  # for the folders that it makes
            threading.Thread(target=self.run, args=(code, torch.get_num_threads()), daemon=True).start()
            self.waits.acquire()

    def run(self, code: Any, threads: int) -> None:
        """The whole script; its loader is this object's, what it prints is not shown."""
        torch.set_num_threads(threads)
        with patch("torch.utils.data.DataLoader", return_value=self):
            try:
                exec(code, self.names)
            finally:
                self.waits.release()

    def __len__(self) -> int:
        return 10**9

    def __iter__(self) -> Iterator[tuple[Tensor, None]]:
        while True:
            self.waits.release()
            self.go.acquire()
            yield next(self.feed), None

    def batches(self, count: int) -> None:
        """Lets it take so many batches, and returns once it asks for the next."""
        with contextlib.redirect_stdout(io.StringIO()):
            for _ in range(count):
                self.go.release()
                self.waits.acquire()
