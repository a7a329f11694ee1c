import pytest
import torch

from descent import plot_table


def test_there_is_a_row_for_each_epoch_from_one_on_and_a_column_for_each_name():
    (table,) = plot_table({"loss": [4.0, 1.0], "w": torch.tensor([0.5, 0.75])}).data
    assert list(table.header["values"]) == ["epoch", "loss", "w"]
    assert [list(column) for column in table.cells["values"]] == [[1, 2], [4.0, 1.0], [0.5, 0.75]]


def test_long_tables_scroll_within_a_laptops_screen():
    assert plot_table({"loss": [1.0] * 100}).layout.height <= 520
    assert plot_table({"loss": [1.0] * 2}).layout.height < plot_table({"loss": [1.0] * 8}).layout.height


def test_columns_of_different_lengths_and_none_at_all_are_refused():
    with pytest.raises(ValueError, match="one length: loss has 2, w has 1"):
        plot_table({"loss": [1.0, 2.0], "w": [1.0]})
    with pytest.raises(ValueError, match="there are none"):
        plot_table({})
