"""How a judge of pictures is taught: on pictures that move, and on noise that is nothing."""

import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, interpolate, one_hot

from rivals.data.pictures import Pictures
from rivals.feed import Feed
from rivals.loop import set_random_state

VERSION = 2
"""Of the network and of its training: a judge of another version is trained anew."""
SPOKEN = 10.0
"""Seconds between words."""
SIDE, BATCH, JUNK, LARGEST_RATE, FEWEST_ROUNDS = 32, 128, 16, 3e-3, 300


def trained(
    network: nn.Module,
    source: Pictures,
    classes: int,
    *,
    epochs: int,
    flip: bool,
    seed: int,
    bf16: bool,
    nothing: int = JUNK,
    say: Callable[[str], None] = lambda text: None,
) -> None:
    """Adam with one cycle of the learning rate, on batches that are shifted by up to 2 pixels; a word now and then.

    Each has `nothing` pictures of nothing, for which every class is to be equally likely: a classifier that has only
    ever seen digits is sure of anything (1812.04606).
    """
    set_random_state(seed, VERSION)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.reset_parameters()
    network.train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    rounds = max(epochs * len(source) // BATCH, FEWEST_ROUNDS)
    feed = Feed(source, BATCH, fields=("image", "label"), seed=seed)
    optimizer = torch.optim.Adam(network.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LARGEST_RATE, total_steps=rounds)
    for _ in told(rounds, say):
        images, labels = next(feed)
        shown = moved(sized(images.cpu()), flip)
        shown = torch.cat([shown, junk(sized(images[:nothing].cpu()))]) if nothing else shown
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            logits = network(shown.contiguous(memory_format=torch.channels_last))
        unsure = torch.full((len(shown) - len(labels), classes), 1 / classes)
        cross_entropy(logits.float(), torch.cat([one_hot(labels.cpu(), classes).float(), unsure])).backward()
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()


def told(rounds: int, say: Callable[[str], None]) -> Iterator[int]:
    """The rounds, with a word now and then on how many are left."""
    begun = spoken = time.monotonic()
    for done in range(rounds):
        if done and (now := time.monotonic()) - spoken > SPOKEN:
            spoken = now
            left = (now - begun) / done * (rounds - done)
            say(f"the classifier has seen {done} of {rounds} batches; about {left:.0f} s are left")
        yield done


def moved(images: Tensor, flip: bool) -> Tensor:
    """A batch moved by up to 2 pixels either way, and mirrored as a whole every other time where that is asked for."""
    dx, dy, mirrored = torch.randint(-2, 3, (3,)).tolist()
    images = images.roll((dy, dx), (2, 3))
    return images.flip(3) if flip and mirrored > 0 else images


def junk(like: Tensor) -> Tensor:
    """Noise of a random grain, contrast and brightness, down to plain grey, in [-1, 1] and of the given shape."""
    side = 2 ** int(torch.randint(0, 6, ()))
    contrast, brightness = torch.rand(2, len(like), 1, 1, 1)
    noise = contrast * torch.randn(*like.shape[:2], side, side) + 2 * brightness - 1
    return interpolate(noise, like.shape[2:], mode="bilinear").clamp(-1, 1)


def sized(images: Tensor) -> Tensor:
    """Pictures (n, C, H, W) at the side that a judge sees."""
    return images if images.shape[-1] == SIDE else interpolate(images, (SIDE, SIDE), mode="bilinear", antialias=True)
