import numpy as np
import pytest
import torch

from rivals.data.pictures import Pictures

IMAGES = np.random.default_rng(0).integers(0, 256, (10, 3, 4, 4), dtype=np.uint8)
ALL = torch.arange(10)


def test_batch_is_the_pictures_between_minus_one_and_one() -> None:
    image = Pictures(IMAGES).batch(torch.tensor([7, 2, 2]), torch.zeros(3, dtype=torch.int64))["image"]
    assert torch.allclose(image, torch.from_numpy(IMAGES[[7, 2, 2]]).float() / 127.5 - 1, atol=1e-6)
    ends = Pictures(np.array([0, 255], np.uint8).reshape(2, 1, 1, 1)).batch(torch.arange(2), torch.zeros(2))
    assert ends["image"].flatten().tolist() == [-1.0, 1.0]


def test_restore_is_the_inverse() -> None:
    source = Pictures(np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16))
    back = source.restore(source.batch(torch.tensor([0]), torch.tensor([0]))["image"])
    assert back.shape == (1, 16, 16, 1) and back.ravel().tolist() == list(range(256))
    assert source.restore(torch.full((1, 3, 1, 1), 9.0)).tolist() == [[[[255, 255, 255]]]]


def test_flip_is_decided_by_the_lowest_bit_of_draw() -> None:
    draw = torch.tensor([0, 1, 2, 3, -1, -2, 8, 9, 1 << 62, (1 << 62) + 1])
    plain = Pictures(IMAGES).batch(ALL, draw)["image"]
    flipped = Pictures(IMAGES, flip=True).batch(ALL, draw)["image"]
    for i, bit in enumerate([0, 1, 0, 1, 1, 0, 0, 1, 0, 1]):
        assert torch.equal(flipped[i], plain[i].flip(-1) if bit else plain[i])


def test_labels_and_rows() -> None:
    source = Pictures(IMAGES, np.arange(10), rows=np.array([9, 4]), classes=[str(i) for i in range(10)])
    batch = source.batch(torch.tensor([1, 0, 1]), torch.zeros(3, dtype=torch.int64))
    assert len(source) == 2 and batch["label"].tolist() == [4, 9, 4] and batch["label"].dtype == torch.int64
    assert np.array_equal(source.restore(batch["image"])[0], IMAGES[4].transpose(1, 2, 0))
    assert source.spec["label"].high == 9 and source.spec["image"].shape == (3, 4, 4)
    assert source.describe() == "2 pictures 4x4 colour, 10 classes"


def test_wrong_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match=r"uint8 \(n, C, H, W\), found float32"):
        Pictures(IMAGES.astype(np.float32))
    with pytest.raises(ValueError, match="10 pictures and 3 labels"):
        Pictures(IMAGES, np.arange(3))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_pictures_on_the_device_are_those_on_the_cpu() -> None:
    draw = torch.arange(10)
    cpu, cuda = (Pictures(IMAGES, np.arange(10), device, flip=True).batch(ALL, draw) for device in ("cpu", "cuda"))
    assert cuda["image"].is_cuda and torch.equal(cuda["image"].cpu(), cpu["image"])
    assert torch.equal(cuda["label"].cpu(), cpu["label"])
