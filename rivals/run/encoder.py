"""The encoder of a run: its own, or one learned once for its fixed generator and kept in encoder/."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from rivals.feed import Feed
from rivals.games.encoder import Inverter
from rivals.loop import fit, seed_of, set_random_state
from rivals.networks.autoencoder import PictureEncoder
from rivals.networks.encoder import Encoder
from rivals.networks.evaluation import applied
from rivals.parts.schedules import schedule_of
from rivals.play import Player
from rivals.run.progress import say
from rivals.run.workbench import Workbench
from rivals.whole import whole_file

ROUNDS, BATCH, RATE = 1000, 32, 1e-3
SPOKEN = 200
"""Rounds between words."""


@dataclass
class Dreamed:
    """A feed of the generator's own pictures, where the real ones are not at hand."""

    sample: Callable[[int], Tensor]
    batch: int

    def __next__(self) -> Tensor:
        return self.sample(self.batch)


def has_encoder(bench: Workbench) -> bool:
    """Whether pictures can be encoded without learning first."""
    return bench.setup.encode is not None or _rounds_kept(bench) > 0


def encoder(bench: Workbench, rounds: int) -> Callable[[Tensor], Tensor]:
    """Pictures (n, C, H, W) -> codes (n, latent): the recipe's, else the one kept, else one learned now.

    One that was kept is learned anew if more `rounds` are asked for than it has had; 0 asks for none in particular.
    """
    if bench.setup.encode is not None:
        return bench.setup.encode
    set_random_state(seed_of(bench.learned.config.run.seed, 7))
    network = fresh(bench)
    if _rounds_kept(bench) >= max(rounds, 1):
        _load(network, path_of(bench))
    else:
        learn(network, bench, rounds or ROUNDS)
        origin = _origin(bench) | {"rounds": str(rounds or ROUNDS)}
        with whole_file(path_of(bench)) as part:
            save_file({k: v.cpu().contiguous() for k, v in network.state_dict().items()}, part, origin)
    return lambda pictures: applied(network, pictures)


def path_of(bench: Workbench) -> Path:
    """One for each condition, as each has a generator of its own."""
    of = f"-{hashlib.sha256(bench.condition.encode()).hexdigest()[:8]}" if bench.condition else ""
    return bench.learned.path / "encoder" / f"encoder{of}.safetensors"


def fresh(bench: Workbench) -> nn.Module:
    """The discriminator with a code in place of its logit where that can be had, else a plain encoder."""
    found, shape = bench.discriminator(), bench.learned.source.spec["image"].shape
    network = PictureEncoder(shape, 32, bench.latent) if found is None else Encoder(found, bench.latent)
    return network.to(bench.device)


def learn(network: nn.Module, bench: Workbench, rounds: int) -> None:
    """Plays the encoder's game for `rounds` rounds, with a word now and then."""
    optimizer = torch.optim.Adam(network.parameters(), RATE, fused=True)
    player = Player(network, optimizer, schedule=schedule_of("cosine", rounds))
    network.train()
    say(f"learning an encoder for {bench.learned.path}, once: {rounds} rounds")
    game, feed = Inverter(player, bench.generator, bench.setup.prior), _feed(bench)
    for round, facts in fit(game, feed, rounds=range(rounds), seed=seed_of(bench.learned.config.run.seed, 8)):
        if (round + 1) % SPOKEN == 0 or round + 1 == rounds:
            say(f"encoder round {round + 1}/{rounds}: error of pictures {float(facts['encoder/picture']):.4f}")
    network.eval()


def _feed(bench: Workbench) -> Any:
    try:
        return Feed(bench.learned.data(), BATCH, fields=("image",), seed=seed_of(bench.learned.config.run.seed, 9))
    except ValueError as error:
        say(f"{error}: the encoder learns from generated pictures alone")
        return Dreamed(bench.setup.sample, BATCH)


def _origin(bench: Workbench) -> dict[str, str]:
    """What an encoder is for: another generator, or another condition, needs another one."""
    return {"round": str(bench.learned.session.round), "condition": bench.condition}


def _rounds_kept(bench: Workbench) -> int:
    """Those that the encoder kept for this generator had; 0 for none. Raises ValueError for a damaged file."""
    path = path_of(bench)
    if not path.exists():
        return 0
    with _opened(path) as file:
        found = file.metadata()
    return int(found["rounds"]) if found | _origin(bench) == found else 0


def _load(network: nn.Module, path: Path) -> None:
    with _opened(path) as file:
        network.load_state_dict({key: file.get_tensor(key) for key in file.keys()})  # noqa: SIM118
    network.eval()


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with safe_open(path, "pt") as file:
            yield file
    except (SafetensorError, RuntimeError) as error:
        raise ValueError(
            f"{path} cannot be read ({' '.join(str(error).split())}); remove it to learn it anew"
        ) from None
