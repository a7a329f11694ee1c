"""What one submission's kernel may use at most."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one child, set with setrlimit and as the size of its private file systems.

    ``memory`` counts private writable memory per process, beyond what the zygote already holds (RLIMIT_DATA):
    it needs no cgroup, so it also holds where the memory controller is missing. Shared memory has the same
    bound plus 1 GiB (RLIMIT_AS). ``total`` bounds all processes of a submission together; the grader looks at it
    a few times a second.
    """

    memory: int = 2048 * MIB  # bytes a process may allocate
    total: int = 4096 * MIB  # bytes that all processes of a submission may hold
    cpu: int = 600  # seconds of processor time per process
    processes: int = 64  # processes and threads together
    file: int = 64 * MIB  # bytes in the largest file
    files: int = 512  # open files per process
    disk: int = 256 * MIB  # bytes in the private /tmp, and again in /dev/shm

    def as_dict(self) -> dict[str, int]:
        """The limits as plain numbers, for requests and receipts."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Limits:
        """The inverse of `as_dict`; names it does not know raise TypeError."""
        known = {field.name: int(values.pop(field.name)) for field in fields(cls) if field.name in values}
        if values:
            raise TypeError(f"unknown limits: {', '.join(sorted(values))}")
        return cls(**known)
