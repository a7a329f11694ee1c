"""The port that a server gets: nobody else can have it, and the server can."""

import socket
from types import SimpleNamespace

import pytest
from port import hold_port, own_port
from tornado.netutil import bind_sockets


def test_a_held_port_is_refused_to_whoever_comes_by():
    with hold_port() as held, socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(held.getsockname())


def test_a_server_listens_at_the_port_that_is_held_for_it():
    with hold_port() as held:
        (server,) = bind_sockets(held.getsockname()[1], "127.0.0.1")
        with server, socket.create_connection(held.getsockname(), timeout=5) as client:
            assert server.getsockname() == client.getpeername()


def test_servers_that_start_together_get_different_ports():
    spawners = [SimpleNamespace() for _ in range(200)]
    for spawner in spawners:
        own_port(spawner)
    assert len({spawner.port for spawner in spawners}) == 200
    for spawner in spawners:
        spawner.held.close()


def test_a_server_that_starts_again_gets_a_port_again():
    spawner = SimpleNamespace()
    own_port(spawner)
    first = spawner.held
    own_port(spawner)
    assert spawner.port == spawner.held.getsockname()[1] != first.getsockname()[1]
    first.close()
    spawner.held.close()
