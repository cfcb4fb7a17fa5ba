"""What a training step of the DCGAN pair costs: its FLOPs against the arithmetic needed, and its speed against the
machine's own matrix product.

Run: rivals bench step
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from noise import Noise
from options import Options
from table import Row, write_table
from timing import seconds_of
from torch import Tensor, nn
from torch.nn.functional import softplus
from torch.utils.flop_counter import FlopCounterMode

from rivals.feed import Feed
from rivals.recipes import Machine, Setup, recipe
from rivals.run.environment import device_of, wants_bf16

SOURCE = "none: arithmetic"
TAKES = "1 minute"
BATCH, LATENT, SHAPE = 64, 128, (3, 32, 32)
SIZES = (512, 1024, 2048)
PROTOCOL = (
    f"One round of `nsgan` (one step of each player, {SHAPE[0]}x{SHAPE[1]}x{SHAPE[2]} pictures, batch {BATCH}, the "
    "recipe's default networks with batch norm). FLOPs as PyTorch's FLOP counter has them (a multiplication and an "
    "addition are two; convolutions only). Needed, from the layers' shapes: discriminator step: generator forward, "
    "discriminator forward, weight and input gradients twice, without the input gradient of its first layer; "
    "generator step: generator forward, discriminator forward and input gradients, generator weight and input "
    "gradients, without that of the codes. A weight gradient of a player that does not move would raise the ratio; "
    "the control shows that the counter sees it: the same round written with plain backward() over both networks. "
    "Times: median of rounds and of matrix products measured in turns, after a warm-up, on {threads} thread(s), in "
    "seconds of the processor if it is one, or on a GPU until all is done; the machine's rate is that of its best "
    "square product among {sizes}, as a "
    "product (MKL) or as a 1x1 convolution (oneDNN): on some processors one of the two libraries is far from the "
    "machine's best."
)


def main() -> None:
    parser = Options(__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", type=device_of, default="cpu", help="cpu or cuda")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    begun = time.monotonic()
    needed, rows = flop_rows()
    for bf16 in (False, *([True] if wants_bf16("auto", given.device) else [])):  # emulated, it would say nothing
        rows += speed_rows(needed, bf16, given.repeats, given.device)
    write_table(
        "step",
        rows,
        source=SOURCE,
        protocol=PROTOCOL.format(threads=given.threads, sizes=", ".join(map(str, SIZES))),
        seconds=time.monotonic() - begun,
        device=given.device.replace("cpu", ""),
    )


def built(bf16: bool, device: str = "cpu") -> tuple[Setup, Feed]:
    """The game as `rivals train nsgan` builds it, and its feed."""
    torch.manual_seed(0)
    chosen = recipe("nsgan")
    source = Noise(SHAPE, 4 * BATCH, device)
    return chosen.build(chosen.preset("pictures"), source.spec, Machine(device, bf16)), Feed(source, BATCH)


def flop_rows() -> tuple[int, list[Row]]:
    """FLOPs of a round, needed and counted."""
    setup, feed = built(bf16=False)
    game: Any = setup.game
    needed = needed_flops(game.generator.network, game.discriminator.network)
    counted = flops_of(lambda: game.play_round(feed))
    plain = flops_of(lambda: plain_round(game.generator.network, game.discriminator.network, next(feed)))
    return needed, [
        Row("needed", "GFLOPs a round", [needed / 1e9]),
        Row("counted", "GFLOPs a round", [counted / 1e9]),
        Row("counted / needed", "ratio", [counted / needed], bar="= 1.000"),
        Row("plain backward() / needed", "ratio", [plain / needed], control=True),
    ]


def needed_flops(generator: nn.Module, discriminator: nn.Module) -> int:
    """The arithmetic of a round: a forward pass, a weight gradient and an input gradient of a layer cost the same."""
    g = layer_flops(generator, torch.zeros(BATCH, LATENT))
    d = layer_flops(discriminator, torch.zeros(BATCH, *SHAPE))
    discriminator_step = sum(g) + 2 * (sum(d) + sum(d) + sum(d[1:]))
    generator_step = sum(g) + sum(d) + sum(d) + sum(g) + sum(g[1:])
    return discriminator_step + generator_step


def layer_flops(network: nn.Module, x: Tensor) -> list[int]:
    """FLOPs of a forward pass through each convolution, in order, from the shapes that it sees."""
    flops: list[int] = []

    def note(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        assert isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)
        side, upward = layer.kernel_size[0], isinstance(layer, nn.ConvTranspose2d)
        places = (inputs[0] if upward else output)[0, 0].numel()  # where the kernel is laid
        flops.append(2 * len(x) * places * side**2 * layer.in_channels * layer.out_channels)

    layers = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
    hooks = [layer.register_forward_hook(note) for layer in layers]
    with torch.no_grad():
        network(x)
    for hook in hooks:
        hook.remove()
    return flops


def flops_of(work: Callable[[], object]) -> int:
    with FlopCounterMode(display=False) as counter:
        work()
    return int(counter.get_total_flops())


def plain_round(generator: nn.Module, discriminator: nn.Module, real: Tensor) -> None:
    """The round as it is often written: nobody is frozen, so the generator's step computes D's weight gradients."""
    for network in (generator, discriminator):
        network.requires_grad_(True)
    fake = generator(torch.randn(BATCH, LATENT)).detach()
    (softplus(-discriminator(real)) + softplus(discriminator(fake))).mean().backward()
    softplus(-discriminator(generator(torch.randn(BATCH, LATENT)))).mean().backward()
    for network in (generator, discriminator):
        network.requires_grad_(False).zero_grad()


def speed_rows(needed: int, bf16: bool, repeats: int, device: str) -> list[Row]:
    """How long a round takes, and the share of the machine's rate of matrix products that it reaches."""
    setup, feed = built(bf16, device)
    sizes = 2 * SIZES
    works: list[Callable[[], object]] = [lambda: setup.game.play_round(feed)]
    works += [
        make(size, torch.bfloat16 if bf16 else torch.float32, device)
        for make in (product, convolution)
        for size in SIZES
    ]
    times = [[seconds_of(work, device) for work in works] for _ in range(repeats + 2)][2:]
    step, *products = (statistics.median(column) for column in zip(*times, strict=True))
    rate = max(2 * size**3 / seconds for size, seconds in zip(sizes, products, strict=True))
    name = "bf16" if bf16 else "fp32"
    return [
        Row(f"round, {name}", "milliseconds", [1e3 * step]),
        Row(f"round, {name}", "GFLOP/s", [needed / step / 1e9]),
        Row(f"matrix product, {name}", "GFLOP/s", [rate / 1e9]),
        Row(f"round, {name}", "% of the matrix product's rate", [100 * needed / step / rate]),
    ]


def product(size: int, dtype: torch.dtype, device: str) -> Callable[[], object]:
    """A square matrix times itself."""
    square = torch.randn(size, size, dtype=dtype, device=device)
    return lambda: square @ square


def convolution(size: int, dtype: torch.dtype, device: str) -> Callable[[], object]:
    """The same arithmetic as a 1x1 convolution of `size` places and channels."""
    x = torch.randn(size // 64, size, 8, 8, dtype=dtype, device=device).to(memory_format=torch.channels_last)
    weight = torch.randn(size, size, 1, 1, dtype=dtype, device=device)
    return lambda: torch.conv2d(x, weight)


if __name__ == "__main__":
    main()
