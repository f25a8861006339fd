"""A connection goes to the address that was judged, whatever names, answers, proxies and templates say afterwards (RELIABILITY S2)."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.upstream.server import Upstream
from tests.upstream.steps import reply
from tests.upstream.tls import self_signed
from tests.upstream_room.hostile import HOSTILE, NEVER
from tests.upstream_room.names import Dialled, Names

from gateway.clock import Clock
from gateway.errors import UpstreamFault
from gateway.neutral.config import Provider
from gateway.providers import kinds, operation, vendor
from gateway.transport.pool import Pool
from gateway.upstream import faults
from gateway.upstream.attempt import Call
from gateway.upstream.client import PinnedClient, UpstreamRequest

PUBLIC = "93.184.216.34"
METADATA = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"
CREDENTIAL = (b"authorization", b"Bearer upstream-canary-1")
# Each is a private, metadata or otherwise unfit address, as a resolver would answer it.
UNFIT = (
    *("127.0.0.1", "::1", "10.0.0.7", "192.168.0.1", "172.31.0.1", "100.64.0.1", "169.254.169.254", "0.0.0.0"),
    *("fe80::1%2", "fd00:ec2::254", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "::"),
    *(
        "64:ff9b:1:a9fe:a9:fe00::",
        "100.100.100.200",
        "168.63.129.16",
        "255.255.255.255",
        "224.0.0.1",
        "2001:0:a9fe:a9fe::1",
    ),
)


def caller(now: Sequence[float] = (0.0,), tls: ssl.SSLContext | None = None) -> tuple[PinnedClient, Pool]:
    pool = Pool(Clock().wall, tls)
    return PinnedClient(pool, lambda: now[0]), pool


def asking(url: str, *, allow_private: bool = False) -> UpstreamRequest:
    return UpstreamRequest(url, [CREDENTIAL], b"{}", 2.0, allow_private)


async def outcome(client: PinnedClient, request: UpstreamRequest) -> UpstreamFault | int:
    """The fault or the status of one call, its answer read to the end."""
    try:
        async with client.open(request) as answer:
            while await answer.chunk() is not None:
                pass
            return answer.status
    except UpstreamFault as fault:
        return fault


@pytest.mark.parametrize("unfit", UNFIT)
async def test_a_name_that_is_public_first_and_private_later_is_never_followed(
    unfit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, dialled, now = Names(monkeypatch, [PUBLIC], [unfit]), Dialled(monkeypatch), [0.0]
    client, _ = caller(now)
    request = asking("https://rebind.example/v1")
    assert isinstance(await outcome(client, request), faults.ConnectFault)  # refused there, and therefore judged again
    for moment in (0.0, 59.0, 61.0, 200.0):
        now[0] = moment
        assert isinstance(await outcome(client, request), faults.NotConfigured)
    assert names.asked == 5
    assert dialled.calls == [(PUBLIC, 443, "rebind.example")]


@pytest.mark.parametrize("unfit", UNFIT)
async def test_one_unfit_address_in_an_answer_spoils_it(unfit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dialled = Dialled(monkeypatch)
    for answer in ([unfit], [PUBLIC, unfit], [unfit, PUBLIC], ["2606:4700::1111", unfit]):
        Names(monkeypatch, answer)
        assert isinstance(await outcome(caller()[0], asking("https://mixed.example/")), faults.NotConfigured)
    assert dialled.calls == []


async def test_private_is_open_where_it_is_allowed_and_metadata_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    dialled = Dialled(monkeypatch)
    for url in ("http://169.254.169.254/", "http://metadata.google.internal/", "http://[fd00:ec2::254]/"):
        assert isinstance(await outcome(caller()[0], asking(url, allow_private=True)), faults.NotConfigured)
    for answer in (["169.254.169.254"], ["10.0.0.1", "169.254.169.254"], ["fd00:ec2::254"], ["100.100.100.200"]):
        Names(monkeypatch, answer)
        found = await outcome(caller()[0], asking("http://ollama.local/", allow_private=True))
        assert isinstance(found, faults.NotConfigured)
    assert dialled.calls == []
    Names(monkeypatch, ["10.0.0.1"])
    await outcome(caller()[0], asking("http://ollama.local:11434/", allow_private=True))
    assert dialled.calls == [("10.0.0.1", 11434, None)]


async def test_the_connection_goes_to_the_address_and_tls_and_host_keep_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, asked = self_signed(tmp_path, "api.pinned.example"), []

    def note(_socket: Any, name: str | None, _context: Any) -> None:
        asked.append(name)

    made.context.sni_callback = note
    async with Upstream(made.context) as upstream:
        upstream.add(reply(200, b"{}"))
        Names(monkeypatch, ["127.0.0.1"])
        dialled = Dialled(monkeypatch, through=True)
        client, _ = caller(tls=ssl.create_default_context(cafile=str(made.certificate)))
        request = asking(f"https://api.pinned.example:{upstream.port}/v1/x", allow_private=True)
        assert await outcome(client, request) == 200
        assert dialled.calls == [("127.0.0.1", upstream.port, "api.pinned.example")]
        assert asked == ["api.pinned.example"]
        head = dict(upstream.journal[0].headers)
        assert head["host"] == f"api.pinned.example:{upstream.port}"
        other = asking(f"https://another.example:{upstream.port}/v1/x", allow_private=True)
        assert isinstance(await outcome(client, other), faults.ConnectFault), "the certificate is of another name"
        assert len(upstream.journal) == 1
        client.close()


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308])
async def test_a_redirect_is_an_answer(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Upstream() as upstream, Upstream() as canary:
        client, _ = caller()
        targets = (
            METADATA,
            f"{canary.url}/x",
            f"//127.0.0.1:{canary.port}/",
            "file:///etc/passwd",
            "gopher://127.0.0.1/",
        )
        dialled = Dialled(monkeypatch, through=True)
        for target in targets:
            upstream.reset()
            upstream.add(reply(status, b"", (("location", target), ("refresh", f"0; url={target}"))))
            assert await outcome(client, asking(upstream.url, allow_private=True)) == status
            assert len(upstream.journal) == 1
        assert {(host, port) for host, port, _ in dialled.calls} == {("127.0.0.1", upstream.port)}
        assert canary.accepted == 0
        client.close()


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Upstream() as upstream, Upstream() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SOCKS_PROXY", "FTP_PROXY"):
            monkeypatch.setenv(name, proxy.url)
            monkeypatch.setenv(name.lower(), proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        upstream.add(reply(200, b"{}"))
        client, _ = caller()
        assert await outcome(client, asking(upstream.url, allow_private=True)) == 200
        assert (len(upstream.journal), proxy.accepted) == (1, 0)
        client.close()


def call_of(kind: str, base: str | None, model: str, query: str = "", *, private: bool = False) -> Call:
    row = vendor(kind)
    path = operation(row.dialects[0], model, stream=False)
    provider = Provider("p", "P", kind, base, True, private)
    return Call(provider, row, path, query, model, [CREDENTIAL], b"{}", None, private, "eu-central-1")


def mended(url: str) -> bool:
    """What is put right while an operation's URL is made, before that is judged: the end after `?` and `#`, white space, lost slashes."""
    return "?" in url or "#" in url or "//" not in url or url != "".join(url.split())


async def test_templates_of_addresses_open_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Azure's query and AWS's Region around every hostile address, as a release would hold them."""
    Names(monkeypatch, [PUBLIC])
    dialled, client, tried = Dialled(monkeypatch), caller()[0], 0
    for private, urls in ((False, HOSTILE), (True, NEVER)):
        for url in urls:
            if mended(url):
                continue
            for kind, base in (
                ("azure_openai", f"{url}?api-version=2024-10-21"),
                ("azure_openai", f"{url.rstrip('/')}/openai/v1"),
                ("bedrock", url),
                ("bedrock", f"{url.rstrip('/')}/{{region}}"),
            ):
                tried += 1
                call = call_of(kind, base, "m", private=private)
                try:
                    request = call.request()
                except (UpstreamFault, ValueError):
                    continue
                assert isinstance(await outcome(client, request), UpstreamFault)
    with capsys.disabled():
        print(f"\nS2: {tried} templates around hostile addresses, {len(dialled.calls)} connections")
    assert dialled.calls == []


async def test_what_a_client_names_stays_behind_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model's name and a query go into the URL of some vendors; neither reaches its authority."""
    Names(monkeypatch, [PUBLIC])
    dialled, client, hosts = Dialled(monkeypatch), caller()[0], set()
    odd = (
        "@169.254.169.254/",
        "//169.254.169.254/",
        "\\@169.254.169.254",
        "..",
        "../..//x",
        "?x",
        "#",
        "{region}",
        ":80",
    )
    for row in kinds():
        base = row.base_url if row.base_url and "127." not in row.base_url else "https://upstream.example"
        for name in odd:
            for model, query in ((name, ""), ("m", name), (name, name)):
                call = call_of(row.kind, base, model, query)
                hosts.add((urlsplit(base.replace("{region}", "eu-central-1")).netloc, urlsplit(call.url()).netloc))
                await outcome(client, call.request())
    assert all(meant == found for meant, found in hosts)
    assert {name for _, _, name in dialled.calls} <= {host.partition(":")[0] for host, _ in hosts}
    assert {address for address, _, _ in dialled.calls} == {PUBLIC}
