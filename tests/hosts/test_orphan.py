"""A host whose engine was killed."""

from __future__ import annotations

import socket
import threading

import pytest

from pulumi_entra_policies.hosts import orphan


def test_host_ends_when_its_engine_no_longer_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphan, "EVERY", 0.05)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as engine:
        assert orphan.end_with_engine(["host", f"127.0.0.1:{engine.getsockname()[1]}"], ended.set)
        engine.accept()[0].close()
        assert not ended.is_set()

    assert ended.wait(timeout=30)


def test_engine_that_does_not_answer_in_time_is_not_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*arguments: object, **options: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", slow)

    assert orphan._listens(("127.0.0.1", 1))


@pytest.mark.parametrize("argument", ["pulumi.dynamic", "", "127.0.0.1:", ":8080", "C:\\python"])
def test_host_that_was_started_by_hand_is_left_alone(argument: str) -> None:
    assert not orphan.end_with_engine([argument])
