import gzip
import hashlib
import pickle
import struct
from importlib.resources import files

import numpy as np
import pytest
import torch
from torchvision.transforms import Compose, Normalize, ToTensor

from descent import OnesAndSevens, digits, ones_and_sevens


def write_idx(path, array):
    header = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(header + array.astype(np.uint8).tobytes())


@pytest.fixture(scope="module")
def mnist_root(tmp_path_factory):
    """A folder laid out as torchvision's MNIST: the embedded images in order, other digits between them."""
    root = tmp_path_factory.mktemp("root")
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    generator = np.random.default_rng(0)
    for split, train in (("train", True), ("t10k", False)):
        ours = OnesAndSevens(train=train)
        count = len(ours) + 500
        labels = generator.choice([0, 2, 3, 4, 5, 6, 8, 9], count)
        images = generator.integers(0, 256, (count, 28, 28))
        places = np.sort(generator.choice(count, len(ours), replace=False))
        labels[places] = np.where(ours.targets.numpy() == 1, 1, 7)
        images[places] = ours.data.numpy()
        write_idx(raw / f"{split}-images-idx3-ubyte", images)
        write_idx(raw / f"{split}-labels-idx1-ubyte", labels)
    return root


@pytest.mark.parametrize(("train", "count", "ones"), [(True, 13_007, 6_742), (False, 2_163, 1_135)])
def test_the_embedded_set_holds_every_one_and_seven(train, count, ones):
    dataset = OnesAndSevens(train=train)
    assert dataset.data.shape == (count, 28, 28)
    assert dataset.data.dtype == torch.uint8
    assert dataset.targets.shape == (count,)
    assert dataset.targets.dtype == torch.int64
    assert dataset.targets.unique().tolist() == [0, 1]
    assert int(dataset.targets.sum()) == ones
    assert len(dataset) == count


def test_the_embedded_file_has_its_recorded_checksum():
    data = files("descent") / "data"
    digest, name = (data / "ones_and_sevens.idx.xz.sha256").read_text().split()
    assert hashlib.sha256((data / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("train", [True, False])
def test_a_full_mnist_on_disk_gives_the_same_tensors(mnist_root, train):
    ours, theirs = OnesAndSevens(train=train), OnesAndSevens(mnist_root, train=train)
    assert torch.equal(ours.data, theirs.data)
    assert torch.equal(ours.targets, theirs.targets)
    assert theirs.data.dtype == torch.uint8
    assert theirs.targets.dtype == torch.int64


def test_a_root_may_be_a_string_and_is_kept_in_the_repr(mnist_root):
    dataset = OnesAndSevens(str(mnist_root), train=False)
    assert f"Root location: {mnist_root}" in repr(dataset)
    assert "Split: test" in repr(dataset)


def test_an_item_is_a_picture_and_an_int():
    dataset = OnesAndSevens()
    image, target = dataset[4]
    assert image.mode == "L"
    assert image.size == (28, 28)
    assert np.array_equal(np.asarray(image), dataset.data[4].numpy())
    assert type(target) is int
    assert dataset.classes[target] == "seven"


def test_transforms_are_applied_to_image_and_target():
    dataset = OnesAndSevens(transform=ToTensor(), target_transform=lambda target: 7 - 6 * target)
    image, target = dataset[4]
    assert image.shape == (1, 28, 28)
    assert target == 7
    assert torch.equal(image[0], dataset.data[4] / 255)


def test_a_data_loader_can_walk_it():
    batches = torch.utils.data.DataLoader(OnesAndSevens(train=False, transform=ToTensor()), batch_size=1000)
    assert [len(targets) for _, targets in batches] == [1000, 1000, 163]


def test_it_can_be_pickled_for_loader_processes():
    copy = pickle.loads(pickle.dumps(OnesAndSevens(train=False)))
    assert torch.equal(copy.data, OnesAndSevens(train=False).data)


def test_changing_one_dataset_leaves_the_next_alone():
    first = OnesAndSevens(train=False)
    first.data.zero_()
    first.targets.zero_()
    assert OnesAndSevens(train=False).data.any()
    assert OnesAndSevens(train=False).targets.any()


def test_a_root_without_mnist_is_told_in_one_sentence(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no MNIST under .*MNIST/raw.*leave root out"):
        OnesAndSevens(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\0\0\x08\x03\0\0\0\x05", b"not an IDX file at all"])
def test_a_damaged_mnist_is_told_in_one_sentence(tmp_path, content):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for split in ("train", "t10k"):
        for kind in ("images-idx3", "labels-idx1"):
            (raw / f"{split}-{kind}-ubyte").write_bytes(content)
    with pytest.raises(ValueError, match="is damaged"):
        OnesAndSevens(tmp_path)


@pytest.mark.parametrize("train", [True, False])
def test_tensors_equal_what_torchvisions_transforms_make(train):
    X, t = ones_and_sevens(train)
    dataset = OnesAndSevens(train=train, transform=Compose([ToTensor(), Normalize((0.1307,), (0.3081,))]))
    assert X.dtype == t.dtype == torch.float32
    assert X.shape == dataset.data.shape
    assert torch.equal(t, dataset.targets.float())
    for i in (0, 1, 1000, len(dataset) - 1):
        assert torch.equal(X[i], dataset[i][0][0])


def test_logistic_regression_on_the_tensors_gives_the_known_loss_and_gradient():
    X, t = ones_and_sevens()
    theta = torch.full((785,), 0.01, requires_grad=True)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(X.flatten(1) @ theta[:-1] + theta[-1], t)
    loss.backward()
    assert loss.item() == pytest.approx(1.12682, abs=1e-5)
    assert theta.grad.sum().item() == pytest.approx(57.5922, abs=1e-3)


def test_tensors_can_be_changed_without_harm_to_the_next_ones():
    X, t = ones_and_sevens(train=False)
    X.zero_()
    t.fill_(1)
    again, targets = ones_and_sevens(train=False)
    assert again.any()
    assert not targets.all()


def test_tensors_go_to_the_device_asked_for():
    X, t = ones_and_sevens(train=False, device="meta")
    assert X.device.type == t.device.type == "meta"
    assert ones_and_sevens(train=False)[0].device.type == "cpu"


def test_preloaded_images_are_unpacked_once_and_read_only():
    digits.preload()
    images, labels = digits._embedded(True)
    assert digits._embedded(True)[0] is images
    assert not images.flags.writeable
    assert not labels.flags.writeable
    assert digits._unpacked.cache_info().misses == 1


def test_gzipped_sources_are_not_needed_at_run_time(tmp_path):
    """A root that holds only .gz files is refused by torchvision itself, and so by us, in a sentence."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(b""))
    with pytest.raises(FileNotFoundError, match="There is no MNIST"):
        OnesAndSevens(tmp_path)
