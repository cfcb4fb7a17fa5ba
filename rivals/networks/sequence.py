"""Small networks over tokens: a recurrent policy that writes, and a convolutional judge that reads."""

import torch
from torch import Tensor, nn


class TokenPolicy(nn.Module):
    """A recurrent language model (n, T) -> logits (n, T, V); those at t are of token t given the tokens before it."""

    def __init__(self, vocabulary: int, width: int = 32) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.embedding = nn.Embedding(vocabulary + 1, width)  # the last one is the start
        self.memory = nn.LSTM(width, width, batch_first=True)
        self.output = nn.Linear(width, vocabulary)

    def forward(self, tokens: Tensor) -> Tensor:
        before = torch.cat((tokens.new_full((len(tokens), 1), self.vocabulary), tokens[:, :-1]), 1)
        return self.output(self.memory(self.embedding(before))[0])

    @torch.no_grad()
    def continued(self, tokens: Tensor, keep: Tensor) -> Tensor:
        """Sentences (n, T) that keep the first `keep` (n,) tokens of each and sample the rest from the policy."""
        token = tokens.new_full((len(tokens), 1), self.vocabulary)
        memory: tuple[Tensor, Tensor] | None = None
        written: list[Tensor] = []
        for position in range(tokens.shape[1]):
            hidden, memory = self.memory(self.embedding(token), memory)
            sampled = torch.multinomial(self.output(hidden[:, 0]).softmax(-1), 1)
            token = torch.where(position < keep[:, None], tokens[:, position : position + 1], sampled)
            written.append(token)
        return torch.cat(written, 1)

    def sample(self, count: int, length: int) -> Tensor:
        """`count` sentences of `length` tokens, int64."""
        device = self.output.weight.device
        empty = torch.zeros(count, length, dtype=torch.int64, device=device)
        return self.continued(empty, torch.zeros(count, dtype=torch.int64, device=device))


class TokenJudge(nn.Module):
    """Convolutions of several widths, the largest answer of each filter, and a linear logit (1408.5882;
    1609.05473, sec. 3.2).

    (n, T) int64 -> (n,). Raises ValueError if a window is longer than the sentences.
    """

    def __init__(self, vocabulary: int, length: int, width: int = 32, windows: tuple[int, ...] = (1, 2, 3)) -> None:
        super().__init__()
        if max(windows) > length:
            raise ValueError(f"a window of {max(windows)} tokens does not fit into sentences of {length}")
        self.embedding = nn.Embedding(vocabulary, width)
        self.filters = nn.ModuleList(nn.Conv1d(width, width, window) for window in windows)
        self.output = nn.Linear(width * len(windows), 1)

    def forward(self, tokens: Tensor) -> Tensor:
        sentence = self.embedding(tokens).transpose(1, 2)
        found = [filter(sentence).amax(-1) for filter in self.filters]
        return self.output(torch.cat(found, 1).relu()).squeeze(-1)
