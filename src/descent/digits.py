"""The ones and sevens of MNIST: shipped with the package, or read from a full MNIST on disk."""

from __future__ import annotations

import lzma
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torchvision.datasets import MNIST, VisionDataset

Bytes = NDArray[np.uint8]

MEAN, STD = 0.1307, 0.3081  # of the pixels of MNIST's training images, scaled to [0, 1]


class OnesAndSevens(VisionDataset):  # type: ignore[misc]  # torchvision has no types
    """Handwritten ones (target 1) and sevens (target 0), as a torchvision dataset.

    Without `root` the images come from the package; with it they are read from the full MNIST under
    `root/MNIST/raw`. Both give the same tensors in MNIST's own order, 13,007 for training, 2,163 for testing.
    `data` is uint8 of shape (N, 28, 28), `targets` int64 of shape (N,). An item is (PIL image, int), each
    passed through its transform.

    Raises FileNotFoundError if there is no MNIST under `root`, ValueError if it cannot be read.
    """

    classes = ("seven", "one")

    def __init__(
        self,
        root: str | Path | None = None,
        train: bool = True,
        transform: Callable[[Image.Image], Any] | None = None,
        target_transform: Callable[[int], Any] | None = None,
    ) -> None:
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.train = train
        images, digits = _embedded(train) if root is None else _from_disk(Path(self.root), train)
        # Copies, so that changing one dataset's tensors leaves the next one's alone.
        self.data = torch.from_numpy(images.copy())
        self.targets = torch.from_numpy((digits == 1).astype(np.int64))

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """Return image and target number `index`, transformed."""
        image: Any = Image.fromarray(self.data[index].numpy())
        target: Any = int(self.targets[index])
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def extra_repr(self) -> str:
        """Return the line that the dataset's repr adds."""
        return f"Split: {'train' if self.train else 'test'}"


def ones_and_sevens(train: bool = True, device: torch.device | str | None = None) -> tuple[torch.Tensor, torch.Tensor]:
    """Return all images X and targets t as tensors ready for computing.

    X is float32 of shape (N, 28, 28), pixels scaled to [0, 1] and then normalised with MNIST's mean and
    standard deviation; t is float32 of shape (N,), 1 for a one and 0 for a seven. Both lie on `device`, by
    default the CPU.
    """
    images, digits = _embedded(train)
    X = torch.from_numpy(images.copy()).to(device or "cpu").float().div_(255).sub_(MEAN).div_(STD)
    t = torch.from_numpy((digits == 1).astype(np.float32)).to(device or "cpu")
    return X, t


def preload() -> None:
    """Unpack the embedded images now, so that processes forked from this one share them.

    Plain numpy, no torch: no thread is started that a fork would lose.
    """
    _embedded(True)
    _embedded(False)


def _embedded(train: bool) -> tuple[Bytes, Bytes]:
    """Return images (N, 28, 28) and digits (N,) of the package's own copy, read-only."""
    arrays = _unpacked()
    return (arrays[0], arrays[1]) if train else (arrays[2], arrays[3])


@cache
def _unpacked() -> tuple[Bytes, ...]:
    """Return the four arrays of the embedded file: training images and digits, test images and digits."""
    return _decoded(lzma.decompress((files("descent") / "data" / "ones_and_sevens.idx.xz").read_bytes()))


def _decoded(content: bytes) -> tuple[Bytes, ...]:
    """Return the IDX arrays of unsigned bytes that stand one after the other in `content`."""
    arrays, start = [], 0
    while start < len(content):
        # First two zeros, the type (8: bytes), the number of dimensions; then the sizes as big-endian u4.
        shape = np.frombuffer(content, ">u4", count=content[start + 3], offset=start + 4).astype(int)
        start += 4 + 4 * len(shape)
        size = int(shape.prod())
        arrays.append(np.frombuffer(content, np.uint8, count=size, offset=start).reshape(shape))
        start += size
    return tuple(arrays)


def _from_disk(root: Path, train: bool) -> tuple[Bytes, Bytes]:
    """Return images and digits of the ones and sevens in the full MNIST under `root`."""
    try:
        full = MNIST(root, train=train, download=False)
    except RuntimeError:
        raise FileNotFoundError(
            f"There is no MNIST under {root}: it should hold MNIST/raw with the four IDX files; "
            "leave root out to use the images that come with descent."
        ) from None
    except (AssertionError, KeyError, ValueError, IndexError) as error:
        raise ValueError(f"The MNIST under {root} is damaged: fetch its IDX files again.") from error
    images, digits = full.data.numpy(), full.targets.numpy().astype(np.uint8)
    wanted = (digits == 1) | (digits == 7)
    return images[wanted], digits[wanted]
