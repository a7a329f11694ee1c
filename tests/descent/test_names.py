import pytest
import torch

from descent.names import SYMBOLS, given_names, next_letters


def test_there_are_5163_different_names_in_alphabetical_order():
    names = given_names()
    assert len(names) == 5163
    assert names == sorted(set(names))
    assert {"james", "mary", "aaron"} <= set(names)


def test_changing_the_list_changes_no_other():
    given_names().clear()
    assert len(given_names()) == 5163


def test_all_names_make_36122_examples():
    X, y = next_letters(given_names())
    assert X.shape == (36_122, 3)
    assert y.shape == (36_122,)
    assert X.dtype == y.dtype == torch.int64
    assert set(y.tolist()) == set(range(27))


def test_each_letter_is_an_example_and_so_is_the_dot_at_the_end():
    X, y = next_letters(["ab", "z"])
    contexts = ["".join(SYMBOLS[i] for i in row) for row in X.tolist()]
    assert contexts == ["...", "..a", ".ab", "...", "..z"]
    assert "".join(SYMBOLS[i] for i in y.tolist()) == "ab.z."


def test_the_context_can_be_longer_or_shorter():
    X, y = next_letters(["abc"], context=1)
    assert X.tolist() == [[0], [1], [2], [3]]
    assert y.tolist() == [1, 2, 3, 0]
    assert next_letters(["abc"], context=5)[0].shape == (4, 5)


def test_no_words_make_no_examples():
    X, y = next_letters([])
    assert X.shape == (0, 3)
    assert y.shape == (0,)


@pytest.mark.parametrize("word", ["Anna", "o'neil", "josé", "a.b"])
def test_other_symbols_are_refused(word):
    with pytest.raises(ValueError, match="small letters a to z"):
        next_letters([word])


def test_a_context_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 1 letter, not 0"):
        next_letters(["anna"], context=0)
