"""A recurrent density of pictures, row by row: PixelRNN with Row LSTM layers."""

import torch
from torch import Tensor, nn

from rivals.networks.masked import Canvas, MaskedConv2d, before, colours_of
from rivals.networks.pixelcnn import Head, pointwise


class PixelRNN(nn.Module):
    """Row LSTM layers with residual connections (1601.06759, sec. 3.1 and 3.3, table 1).

    (n, C, H, W) -> (n, C * levels, H, W): a 7x7 convolution under mask A, `layers` Row LSTMs of half as many units
    as the `width` features between them (the paper's h and 2h), two 1x1 layers.
    Raises ValueError for fewer features than colours.
    """

    def __init__(self, channels: int, levels: int, width: int = 32, layers: int = 3) -> None:
        super().__init__()
        wide, narrow = colours_of(width, channels), colours_of(width // 2, channels)
        self.first = MaskedConv2d(before(range(channels), wide, 3, 3, own=False))
        self.memories = nn.ModuleList(RowLSTM(wide, narrow) for _ in range(layers))
        self.up = nn.ModuleList(pointwise(narrow, wide) for _ in range(layers))
        self.head = Head(wide, channels, levels)

    def forward(self, x: Tensor, canvas: Canvas | None = None) -> Tensor:
        x = self.first(x, canvas)
        for memory, up in zip(self.memories, self.up, strict=True):
            x = x + up(memory(x, canvas))
        return self.head(x)


class RowLSTM(nn.Module):
    """A long short-term memory that takes a whole row a step, along convolutions of width 3 (1601.06759, eq. 3).

    (n, inputs, H, W) -> (n, units, H, W), given the colours of inputs and units. Its input is masked within the row;
    its state is that of the row above, which is known.
    """

    def __init__(self, inputs: list[int], units: list[int]) -> None:
        super().__init__()
        self.units = len(units)
        self.input = MaskedConv2d(before(inputs, 4 * units, 0, 1, own=True))
        self.state = nn.Conv1d(self.units, 4 * self.units, 3, padding=1)

    def forward(self, x: Tensor, canvas: Canvas | None = None) -> Tensor:
        gates = self.input(x, canvas)
        if canvas:
            return self.pixel(gates[:, :, 0], canvas)[:, :, None]
        hidden = cell = gates.new_zeros(len(x), self.units, x.shape[3])
        rows: list[Tensor] = []
        for gate in gates.unbind(2):
            hidden, cell = stepped(gate + self.state(hidden), cell)
            rows.append(hidden)
        return torch.stack(rows, 2)

    def pixel(self, gates: Tensor, canvas: Canvas) -> Tensor:
        """The hidden state (n, units, 1) of the pixel where the canvas stands, from gates (n, 4 units, 1)."""
        if self not in canvas.memory:
            empty = gates.new_zeros(2, len(gates), self.units, canvas.picture.shape[3])
            canvas.memory[self] = (empty[0], empty[1])
        hidden, cell = canvas.memory[self]  # of the row above, until this one overwrites it
        before, above = canvas.of_row(self, lambda: (self.state(hidden), cell.clone()))
        canvas.here(hidden)[:], canvas.here(cell)[:] = stepped(gates + canvas.here(before), canvas.here(above))
        return canvas.here(hidden).clone()


def stepped(gates: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
    """Hidden state and cell (n, units, W) after a step of the memory, from gates (n, 4 units, W)."""
    out, forget, write, content = gates.chunk(4, 1)
    cell = forget.sigmoid() * cell + write.sigmoid() * content.tanh()
    return out.sigmoid() * cell.tanh(), cell
