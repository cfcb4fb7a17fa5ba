"""From conditions to vectors: what a network makes of labels, tags and sentences before it uses them.

A label needs no more than `torch.nn.Embedding`.
"""

import torch
from torch import Tensor, nn


class TagReader(nn.Module):
    """Tags (n, k), 1 where one applies, to the sum of their vectors (n, width)."""

    def __init__(self, tags: int, width: int) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.randn(tags, width))

    def forward(self, tags: Tensor) -> Tensor:
        return tags @ self.vectors


class SentenceReader(nn.Module):
    """Sentences (n, T) of tokens, 0 after their end, to vectors (n, width): what a GRU holds after the last word.

    An empty sentence is read as one word, the padding.
    """

    def __init__(self, vocabulary: int, width: int) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.memory = nn.GRU(width, width, batch_first=True)
        self.output = nn.Linear(width, width, bias=False)
        # The memory holds about 1/4, so this makes vectors as long as a label's.
        nn.init.normal_(self.output.weight, std=4 / width**0.5)

    def forward(self, tokens: Tensor) -> Tensor:
        held, _ = self.memory(self.words(tokens))
        last = ((tokens != 0).sum(1) - 1).clamp(min=0)
        return self.output(held[torch.arange(len(tokens), device=tokens.device), last])
