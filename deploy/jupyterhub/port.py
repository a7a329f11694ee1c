"""A port for a person's server, held for it until it listens.

JupyterHub looks for a free port, lets go of it, and starts the server, which listens seconds later. Where a whole class
starts at once, another process can take the port meanwhile; if that one answers by HTTP, with "not found" at that, the
hub counts the server as started and sends its owner to somebody else's.
"""

import socket
from typing import Any


def hold_port() -> socket.socket:
    """A socket of 127.0.0.1 whose port nobody gets by chance; a server that asks for this port can listen there.

    The system gives no port to others that is bound already. Tornado binds with SO_REUSEADDR, which Linux allows where
    the socket that is bound has it too and doesn't listen.
    """
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # after bind: with it, bind may give a port twice
    return held


def own_port(spawner: Any) -> None:
    """JupyterHub's `pre_spawn_hook`: the server that is to start gets a port that it alone can have."""
    spawner.held = hold_port()  # until its next start
    spawner.port = spawner.held.getsockname()[1]
