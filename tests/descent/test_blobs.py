import pytest
import torch

from descent import blobs


def test_each_cloud_has_its_points_its_label_and_its_centre():
    X, t = blobs()
    assert X.shape == (200, 2)
    assert t.tolist() == [0.0] * 100 + [1.0] * 100
    assert torch.allclose(X[:100].mean(dim=0), torch.tensor([1.0, 1.0]), atol=0.4)
    assert torch.allclose(X[100:].mean(dim=0), torch.tensor([5.0, 1.0]), atol=0.4)


def test_the_variance_is_one():
    X, _ = blobs(points=20_000)
    assert torch.allclose(X[:20_000].var(dim=0), torch.ones(2), atol=0.05)


def test_the_same_seed_gives_the_same_points_and_another_gives_others():
    assert torch.equal(blobs(seed=3)[0], blobs(seed=3)[0])
    assert not torch.equal(blobs(seed=3)[0], blobs(seed=4)[0])


def test_the_global_random_numbers_are_left_alone():
    state = torch.get_rng_state()
    blobs()
    assert torch.equal(state, torch.get_rng_state())


def test_there_may_be_more_centres():
    X, t = blobs(points=5, centres=((0, 0), (9, 0), (0, 9)))
    assert X.shape == (15, 2)
    assert t.unique().tolist() == [0, 1, 2]


def test_no_points_and_no_centres_are_refused():
    with pytest.raises(ValueError, match="at least one point"):
        blobs(points=0)
    with pytest.raises(ValueError, match="one centre"):
        blobs(centres=())
