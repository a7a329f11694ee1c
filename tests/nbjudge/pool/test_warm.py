"""Warming up: what packages registered is run, and none of them can stop the judge from starting."""

import importlib
import importlib.metadata
from contextlib import nullcontext

from nbjudge.pool import warm


class Entry:
    """An entry point whose hook notes that it ran, or fails."""

    def __init__(self, ran, error=None, module="json"):
        self.ran, self.error, self.module, self.name = ran, error, module, "hook"

    def load(self):
        def hook():
            if self.error:
                raise self.error
            self.ran.append(self)

        return hook


def test_the_hooks_of_imported_packages_run_even_behind_a_broken_one(monkeypatch):
    ran = []
    entries = [
        Entry(ran),
        Entry(ran, ImportError("gone")),
        Entry(ran, ValueError("broken")),
        Entry(ran, module="not_imported.here"),
        Entry(ran, module="json.decoder"),
    ]
    asked = []
    importlib.import_module("nbjudge.pool.worker")  # torch asks for entry points of its own when it is imported
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: asked.append(group) or entries)
    monkeypatch.setattr(warm, "for_forks", nullcontext)
    warm.prepare([])
    assert asked == ["nbjudge.preload"]
    assert ran == [entries[0], entries[4]]
