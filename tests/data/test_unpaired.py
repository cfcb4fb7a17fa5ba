import numpy as np
import pytest
import torch

from rivals.data.pictures import Pictures
from rivals.data.toys import Points, toy
from rivals.data.unpaired import Unpaired
from rivals.feed import Feed


def pictures(count: int, value: int, labels: bool = True) -> Pictures:
    images = np.full((count, 1, 2, 2), value, np.uint8) + np.arange(count, dtype=np.uint8)[:, None, None, None]
    return Pictures(images, np.arange(count) if labels else None)


def test_first_goes_by_index_and_second_by_draw() -> None:
    pair = Unpaired(pictures(3, 0), pictures(7, 100))
    assert len(pair) == 7 and list(pair.spec) == ["source", "target", "label"]
    index, draw = torch.arange(7), torch.arange(7) * 12345
    batch = pair.batch(index, draw)
    assert batch["label"].tolist() == [0, 1, 2, 0, 1, 2, 0]
    source = pair.first.restore(batch["source"])[:, 0, 0, 0]
    assert source.tolist() == [0, 1, 2, 0, 1, 2, 0]
    target = pair.restore(batch["target"])[:, 0, 0, 0]
    assert set(target.tolist()) <= set(range(100, 107))
    assert torch.equal(pair.batch(index, draw)["target"], batch["target"]), "a function of draw"
    assert torch.equal(pair.batch(index.flip(0), draw)["target"], batch["target"]), "and of draw alone"


def test_the_second_set_is_chosen_evenly() -> None:
    feed = Feed(Unpaired(toy("ring", size=1000), toy("grid", size=10)), 500, fields=("source", "target"), seed=3)
    values = torch.cat([next(feed)[1] for _ in range(20)])
    _, counts = values.unique(dim=0, return_counts=True)
    assert len(counts) == 10 and counts.min() > 900 and counts.max() < 1100


def test_other_names_and_no_labels() -> None:
    pair = Unpaired(pictures(2, 0, labels=False), pictures(2, 9), names=("a", "b"))
    assert list(pair.spec) == ["a", "b"] and set(pair.batch(torch.arange(2), torch.arange(2))) == {"a", "b"}
    assert pair.describe() == "a: 2 pictures 2x2 grey; b: 2 pictures 2x2 grey"


def test_different_shapes_and_equal_names_are_refused() -> None:
    with pytest.raises(ValueError, match=r"different shapes, \(2,\) and \(1,\); load both"):
        Unpaired(toy("ring", size=10), toy("mixture", size=10))
    with pytest.raises(ValueError, match="two names"):
        Unpaired(toy("ring", size=10), toy("grid", size=10), names=("a", "a"))


def test_one_set_beside_itself_is_not_paired() -> None:
    points = Points(np.arange(1000.0)[:, None])
    batch = Unpaired(points, points).batch(torch.arange(1000), torch.arange(1000))
    correlation = torch.corrcoef(torch.cat([batch["source"], batch["target"]], 1).T)[0, 1]
    assert correlation.abs() < 0.1
