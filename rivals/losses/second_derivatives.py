"""Second derivatives for what is in them: how a penalty on a gradient is differentiated without wasted work.

Autograd differentiates a gradient rightly, but wastes work in two places. The second derivative of a rectifier is
zero, and the zeros are carried back through the whole network; and the weight gradient of a convolution is computed as
a convolution whose kernel is as large as the picture, for each group by itself. Within `SecondDerivatives` a network
of any make is spared both, its values and derivatives staying what they are. StyleGAN2-ADA (2006.06676) has the latter
as convolutions of its own.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import Function
from torch.overrides import TorchFunctionMode

aten = torch.ops.aten
Options = tuple[list[int], list[int], list[int], bool, list[int], int]
"""Of a convolution as ATen has them: stride, padding, dilation, not transposed, no output padding, groups."""


class SecondDerivatives(TorchFunctionMode):
    """Within it, rectifiers and convolutions are those of this file.

    Autograd can't tell a function of ours which gradients are asked for. So it is said here: none of weights within
    `of_inputs`, and none in `source`, a tensor that nobody else has, outside of it.
    """

    def __init__(self, source: Tensor | None = None) -> None:
        super().__init__()
        self.weights, self.source = True, source

    @contextmanager
    def of_inputs(self) -> Iterator[None]:
        """Within it, going back computes the gradients of inputs only."""
        self.weights = False
        try:
            yield
        finally:
            self.weights = True

    def __torch_function__(
        self, func: Callable[..., Any], types: Iterable[type], args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        given = kwargs or {}
        if func in RECTIFIERS:
            return RECTIFIERS[func](*args, **given)
        if func in CONVOLUTIONS:
            return self.convolution(func, *args, **given)
        return func(*args, **given)

    def convolution(
        self, native: Any, input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1,
        padding: Any = 0, dilation: Any = 1, groups: int = 1,
    ) -> Tensor:  # fmt: skip
        """As torch.conv1d, 2d and 3d."""
        if isinstance(padding, str) or input.dim() != weight.dim():
            return native(input, weight, bias, stride, padding, dilation, groups)
        if torch.is_autocast_enabled(input.device.type):
            dtype = torch.get_autocast_dtype(input.device.type)
            input, weight, bias = input.to(dtype), weight.to(dtype), bias if bias is None else bias.to(dtype)
        axes = input.dim() - 2
        steps, rim, gaps = ([it] * axes if isinstance(it, int) else list(it) for it in (stride, padding, dilation))
        options: Options = (steps, rim, gaps, False, [0] * axes, groups)
        return Convolution.apply(input, weight, bias, options, self)


class Rectifier(Function):
    """The leaky rectifier, the plain one at slope 0; its gradient is constant in the input, as autograd is told."""

    @staticmethod
    # pyrefly: ignore[bad-override]
    def forward(ctx: Any, x: Tensor, slope: float, inplace: bool) -> Tensor:
        y = F.leaky_relu(x, slope, inplace)
        if inplace:
            ctx.mark_dirty(x)
        ctx.slope, ctx.by_result = slope, inplace or not slope
        ctx.save_for_backward(y if ctx.by_result else x)
        return y

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, None, None]:
        (kept,) = ctx.saved_tensors
        return aten.leaky_relu_backward(outer[0], kept.detach(), ctx.slope, ctx.by_result), None, None


class Convolution(Function):
    """A convolution whose input gradient is the function below."""

    @staticmethod
    # pyrefly: ignore[bad-override]
    def forward(
        ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, options: Options, scope: SecondDerivatives
    ) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.options, ctx.scope = options, scope
        return aten.convolution(x, weight, bias, *options)

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None, None, None]:
        x, weight = ctx.saved_tensors
        of_x, of_weight, of_bias = ctx.needs_input_grad[:3]
        if ctx.scope.weights:
            of_x &= x is not ctx.scope.source
        else:
            of_weight = of_bias = False
        once_more = of_x and torch.is_grad_enabled()
        dx = InputGradient.apply(outer[0], weight, x.detach(), ctx.options) if once_more else None
        mask = [of_x and not once_more, of_weight, of_bias]
        if any(mask):
            first, dw, db = convolution_backward(outer[0], x, weight, ctx.options, mask)
            return dx if once_more else first, dw, db, None, None
        return dx, None, None, None, None


class InputGradient(Function):
    """The gradient of a convolution in its input: linear in the outer gradient and in the weights."""

    @staticmethod
    # pyrefly: ignore[bad-override]
    def forward(ctx: Any, outer: Tensor, weight: Tensor, x: Tensor, options: Options) -> Tensor:
        ctx.save_for_backward(outer, weight)
        ctx.options = options
        return convolution_backward(outer, x, weight, options, [True, False, False])[0]

    @staticmethod
    def backward(ctx: Any, *direction: Tensor) -> tuple[Tensor | None, Tensor | None, None, None]:
        outer, weight = ctx.saved_tensors
        of_outer, of_weight = ctx.needs_input_grad[:2]
        back = aten.convolution(direction[0], weight, None, *ctx.options) if of_outer else None
        mask = [False, True, False]
        dw = convolution_backward(outer, direction[0], weight, ctx.options, mask)[1] if of_weight else None
        return back, dw, None, None


def convolution_backward(
    outer: Tensor, x: Tensor, weight: Tensor, options: Options, mask: list[bool]
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients in input, weight and bias of which `mask` says that they are wanted."""
    return aten.convolution_backward(outer, x, weight, [len(weight)] if mask[2] else None, *options, mask)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    return Rectifier.apply(input, negative_slope, inplace)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    return Rectifier.apply(input, 0.0, inplace)


RECTIFIERS: dict[Any, Callable[..., Tensor]] = {F.leaky_relu: leaky_relu, F.relu: relu, torch.relu: relu}
CONVOLUTIONS = (torch.conv1d, torch.conv2d, torch.conv3d)
