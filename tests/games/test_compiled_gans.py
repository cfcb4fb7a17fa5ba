"""Each loss of the family, with its penalty and its memory, as one graph: the same value and the same gradient."""

import pytest
import torch

from rivals.loop import fit
from tests.games.tiny_gans import TINY

KINDS = (
    "gan_dragan",
    "gan_lazy",
    "gan_relativistic",
    "gan_remembering",
    "wgan_gp",
    "r3gan",
    "loss_sensitive",
    "ebgan",
    "began",
    "unrolled",
    "ebm",
)


@pytest.mark.parametrize("kind", KINDS)
def test_compiled_equals_eager(kind: str) -> None:
    tiny = TINY[kind]()
    for _ in fit(tiny.game, tiny.feed, rounds=range(3)):  # fills what the game remembers
        pass
    for player, loss, inputs in tiny.moves() if tiny.moves else ():
        torch._dynamo.reset()
        for p in player.parameters:
            p.requires_grad_(True)
        values = [loss(*inputs)[0], torch.compile(loss, fullgraph=True, backend="aot_eager")(*inputs)[0]]
        eager, compiled = (torch.autograd.grad(value, player.parameters, materialize_grads=True) for value in values)
        for p in player.parameters:
            p.requires_grad_(False)
        torch.testing.assert_close(values[0], values[1])
        torch.testing.assert_close(eager, compiled)
