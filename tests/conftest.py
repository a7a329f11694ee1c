"""Which files are tests, and their order where several processes share them."""

import pytest

collect_ignore_glob = ["*/golden/*"]  # outputs, some of which are tests for others


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes, so that at the end no process is alone with one.

    Takes effect with `--no-loadscope-reorder`; otherwise the files with most tests come first.
    """
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)
