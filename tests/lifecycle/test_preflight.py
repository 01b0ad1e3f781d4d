"""What a preview asks before it is believed, and when it goes on without an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError

from pulumi_entra_policies.graph.errors import Answer, Doing, GraphError, NoAnswer, SignInError, WrongTenant
from pulumi_entra_policies.graph.policies import WRITES
from pulumi_entra_policies.lifecycle import allowance, preflight
from pulumi_entra_policies.lifecycle.run import Run
from pulumi_entra_policies.settings import Settings

TENANT, ELSEWHERE = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
OF_ELSEWHERE = "e30.eyJ0aWQiOiAiMjIyMjIyMjItMjIyMi00MjIyLTgyMjItMjIyMjIyMjIyMjIyIn0."  # a token's claims
SECRET = {"entra-policies:clientSecret": "x", "entra-policies:clientId": "y", "entra-policies:tenantId": TENANT}


class Credential:
    """A stand-in for what DefaultAzureCredential finds on somebody's machine: `answer` is its token, or is raised."""

    permissions: tuple[str, ...] = ()

    def __init__(self, answer: Any, seconds: float = 0.0) -> None:
        self.answer, self.seconds, self.asked = answer, seconds, 0

    async def get_token(self, *_scopes: str, **_options: object) -> Any:
        self.asked += 1
        await asyncio.sleep(self.seconds)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self

    @property
    def token(self) -> str:
        return str(self.answer)

    async def close(self) -> None:
        """It holds nothing."""


@pytest.fixture
def told() -> list[str]:
    return []


Start = Callable[..., Run]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def start(told: list[str], loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """A run that signs in by the given credential."""
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    runs: list[Run] = []

    def make(credential: Credential, config: dict[str, str] | None = None) -> Run:
        run = Run(Settings.load((config or {}).get, {}), tell=told.append)
        run.previews = True
        run.connection._credential = credential  # type: ignore[assignment]
        runs.append(run)
        return run

    yield make
    for run in runs:
        loop.run_until_complete(run.close())


def refused() -> SignInError:
    return SignInError("cannot sign in", "nobody has signed in\nhere", "az login")


@pytest.mark.parametrize(
    ("credential", "reason"),
    [
        (Credential(refused()), "finds nothing (az login would be a way), "),
        (Credential("late", 60), "has found nothing in 0 seconds (az login would be a way), "),
    ],
    ids=["refused", "late"],
)
def test_preview_without_configuration_goes_on_with_one_note(
    start: Start,
    loop: asyncio.AbstractEventLoop,
    told: list[str],
    credential: Credential,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preflight, "LONGEST_TRY", 0.05)
    run = start(credential)
    for _ in range(3):
        loop.run_until_complete(preflight.sign_in(run, TENANT))
    assert len(told) == credential.asked == 1
    assert told[0].startswith("pulumi-entra-policies: nothing is configured to sign in to Microsoft Entra, and Default")
    assert f"{reason}so this preview is not compared with a tenant" in told[0]


def test_resources_after_the_note_do_not_wait_again(
    start: Start, loop: asyncio.AbstractEventLoop, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "LONGEST_TRY", 0.05)
    run = start(Credential("late", 60))
    loop.run_until_complete(preflight.sign_in(run))
    monkeypatch.setattr(preflight, "LONGEST_TRY", 60)
    loop.run_until_complete(asyncio.wait_for(preflight.sign_in(run), 10))
    assert len(told) == 1


def test_up_without_configuration_tries_once_and_leaves_the_error_to_whoever_writes(
    start: Start, loop: asyncio.AbstractEventLoop, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "LONGEST_TRY", 0.05)
    run = start(Credential("late", 60))
    run.previews = False
    loop.run_until_complete(preflight.sign_in(run))
    monkeypatch.setattr(preflight, "LONGEST_TRY", 60)
    loop.run_until_complete(asyncio.wait_for(preflight.sign_in(run), 10))
    assert told == []


@pytest.mark.parametrize("previews", [True, False])
def test_nobody_who_answers_is_a_note_in_a_preview_and_an_error_in_an_up(
    start: Start, loop: asyncio.AbstractEventLoop, told: list[str], previews: bool
) -> None:
    credential = Credential(NoAnswer("cannot sign in", "the name\nis unknown", "look"))
    run = start(credential, SECRET)
    run.previews = previews
    for _ in range(3):
        if previews:
            loop.run_until_complete(preflight.sign_in(run))
        else:
            with pytest.raises(NoAnswer):
                loop.run_until_complete(preflight.sign_in(run))
    note = (
        "pulumi-entra-policies: cannot sign in: the name\\nis unknown, so this preview is not compared with a tenant; "
        "an up will need one"
    )
    assert (credential.asked, told) == (1, [note] * previews)


def test_tenant_that_refuses_is_no_tenant_that_cannot_be_reached(start: Start, loop: asyncio.AbstractEventLoop) -> None:
    error = GraphError(Doing("read the tenant", "None"), "no", "look", Answer(403, "Denied", "no"))
    run = start(Credential(error), SECRET)
    with pytest.raises(GraphError):
        loop.run_until_complete(preflight.sign_in(run))


def test_sign_in_without_an_answer_takes_no_longer_than_the_preview_allows(
    start: Start, loop: asyncio.AbstractEventLoop, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "LONGEST", 0.05)
    run = start(Credential("late", 60), SECRET)
    for _ in range(3):
        loop.run_until_complete(asyncio.wait_for(preflight.sign_in(run), 10))
    assert len(told) == 1
    assert "there was no answer to the sign-in within 10 seconds, so this preview is not compared" in told[0]


def test_other_tenant_is_an_error_also_when_the_seconds_of_a_preview_are_used_up(
    start: Start, loop: asyncio.AbstractEventLoop, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(Credential(OF_ELSEWHERE), SECRET | {"entra-policies:tenantId": ELSEWHERE})
    loop.run_until_complete(preflight.sign_in(run))
    monkeypatch.setattr(allowance, "LONGEST", 0.0)
    with pytest.raises(WrongTenant):
        loop.run_until_complete(preflight.sign_in(run, TENANT))
    assert told == []


@pytest.mark.parametrize(
    ("permissions", "said"),
    [
        (("Policy.Read.All",), True),
        ((), True),
        (("Policy.ReadWrite.ApplicationConfiguration",), False),
        (("Directory.AccessAsUser.All",), False),
    ],
)
def test_permission_that_the_token_lacks_is_one_note(
    start: Start, loop: asyncio.AbstractEventLoop, told: list[str], permissions: tuple[str, ...], said: bool
) -> None:
    credential = Credential(OF_ELSEWHERE)
    credential.permissions = permissions
    run = start(credential)
    loop.run_until_complete(preflight.sign_in(run))
    for _ in range(3):
        preflight.note_permissions(run, "write policies", WRITES)
    note = (
        "pulumi-entra-policies: the token of this preview does not permit to write policies: an up needs one with "
        "Policy.ReadWrite.ApplicationConfiguration"
    )
    assert told == [note] * said


def test_preview_that_looks_no_further_than_the_sign_in_says_nothing_of_permissions(
    start: Start, loop: asyncio.AbstractEventLoop, told: list[str]
) -> None:
    run = start(Credential(OF_ELSEWHERE), {"entra-policies:preflight": "sign-in"})
    loop.run_until_complete(preflight.sign_in(run))
    preflight.note_permissions(run, "write policies", WRITES)
    assert told == []


def test_what_default_credential_finds_late_is_compared_from_then_on(
    start: Start, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "LONGEST_TRY", 0.05)
    run = start(Credential(OF_ELSEWHERE, 0.2))
    loop.run_until_complete(preflight.sign_in(run, TENANT))
    assert loop.run_until_complete(run.connection.tenant_id()) == ELSEWHERE
    with pytest.raises(WrongTenant):
        loop.run_until_complete(preflight.sign_in(run, TENANT))


def test_what_default_credential_finds_is_compared_like_any_other(
    start: Start, loop: asyncio.AbstractEventLoop
) -> None:
    run = start(Credential(OF_ELSEWHERE))
    assert not preflight.is_done(run, ELSEWHERE)
    loop.run_until_complete(preflight.sign_in(run, ELSEWHERE))
    assert [preflight.is_done(run, expected) for expected in (None, ELSEWHERE, TENANT)] == [True, True, False]
    with pytest.raises(WrongTenant):
        loop.run_until_complete(preflight.sign_in(run, TENANT))


def test_configured_sign_in_that_fails_stops_every_resource_and_is_tried_once(
    start: Start, loop: asyncio.AbstractEventLoop, told: list[str]
) -> None:
    credential = Credential(refused())
    run = start(credential, SECRET)
    for _ in range(3):
        with pytest.raises(SignInError, match="nobody has signed in"):
            loop.run_until_complete(preflight.sign_in(run))
    assert (credential.asked, told, preflight.is_done(run)) == (1, [], False)


def test_preflight_none_asks_nobody(start: Start, loop: asyncio.AbstractEventLoop) -> None:
    credential = Credential(ClientAuthenticationError("never asked"))
    run = start(credential, {**SECRET, "entra-policies:preflight": "none"})
    loop.run_until_complete(preflight.sign_in(run, ELSEWHERE))
    assert (credential.asked, preflight.is_done(run, ELSEWHERE)) == (0, True)


def test_run_that_has_not_connected_is_not_signed_in(loop: asyncio.AbstractEventLoop) -> None:
    run = Run(Settings.load(SECRET.get, {}))
    assert not preflight.is_done(run)
    assert "connection" not in vars(run)  # made on the loop, not by whoever asks
    loop.run_until_complete(run.close())
