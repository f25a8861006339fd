"""One port for three: which app answers, and how the dashboard's files are served."""

from __future__ import annotations

import json

import pytest
from infra.local import dashboard, mux, template
from infra.local.options import ROOT
from tests.local.asking import ask

SECURITY = {"content-security-policy": "default-src 'none'", "x-frame-options": "DENY"}


def says(word: str):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": word.encode()})

    return app


@pytest.fixture
def dist(tmp_path):
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>index")
    (folder / "assets" / "app-1a2b.js").write_text("export {}")
    (folder / "logo.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("outside")
    return folder


@pytest.fixture
def pages(dist):
    return dashboard.create_app(dist, {"stage": "local"}, SECURITY)


@pytest.mark.parametrize(
    ("method", "path", "who"),
    [
        ("GET", "/", "pages"),
        ("HEAD", "/", "proxy"),
        ("GET", "/logs", "pages"),
        ("GET", "/api", "admin"),
        ("POST", "/api/auth/login", "admin"),
        ("GET", "/apiary", "pages"),
        ("POST", "/api/v1/dialogs", "admin"),
        ("GET", "/api/v1/dialogs/dlg_1", "admin"),
        ("GET", "/api/v1/dialogs/messages", "admin"),
        ("GET", "/api/v1/dialogs/dlg_1/messages", "proxy"),
        ("POST", "/api/v1/dialogs/dlg_1/messages/sync", "proxy"),
        ("POST", "/v1/chat/completions", "proxy"),
        ("GET", "/v1", "proxy"),
        ("POST", "/v1/auth/login", "admin"),
        ("PATCH", "/v1/admin/keys/uk_1", "admin"),
        ("GET", "/v1/administration", "proxy"),
        ("PUT", "/v1/anything", "proxy"),
        ("POST", "/v1beta/models/x:generateContent", "proxy"),
        ("GET", "/health", "proxy"),
        ("GET", "/health/ready", "proxy"),
        ("GET", "/v12", "pages"),
    ],
)
async def test_paths_decide(method, path, who):
    app = mux.create_app(says("proxy"), says("admin"), says("pages"))
    assert (await ask(app, method, path)).body.decode() == who


async def test_index_for_every_page_of_the_application(pages):
    for path in ("/", "/logs", "/models/a"):
        got = await ask(pages, "GET", path)
        assert (got.status, got.body) == (200, b"<!doctype html>index")
        assert got.headers["cache-control"] == "no-cache"
        assert got.headers["content-type"] == "text/html; charset=utf-8"


async def test_assets_are_cached_for_ever_and_typed(pages):
    got = await ask(pages, "GET", "/assets/app-1a2b.js")
    assert got.headers["content-type"].startswith("text/javascript")
    assert "immutable" in got.headers["cache-control"]
    assert (await ask(pages, "GET", "/logo.svg")).headers["content-type"] == "image/svg+xml"


async def test_a_missing_asset_is_not_the_index(pages):
    assert (await ask(pages, "GET", "/assets/gone.js")).status == 404
    assert (await ask(pages, "GET", "/favicon.ico")).status == 404


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "//../secret.txt", "/assets/../../secret.txt", "/..\\secret.txt", "/a\x00b"]
)
async def test_nothing_outside_the_folder(pages, path):
    assert b"outside" not in (await ask(pages, "GET", path)).body


async def test_config_is_made_on_the_fly(pages):
    got = await ask(pages, "GET", "/config.json")
    assert json.loads(got.body) == {"stage": "local"}
    assert got.headers["cache-control"] == "no-cache"


async def test_every_answer_carries_the_security_headers(pages):
    for path in ("/", "/config.json", "/assets/gone.js", "/assets/app-1a2b.js"):
        got = await ask(pages, "GET", path)
        assert SECURITY.items() <= got.headers.items()


async def test_an_unchanged_file_is_not_sent_again(pages):
    first = await ask(pages, "GET", "/logo.svg")
    again = await ask(pages, "GET", "/logo.svg", {"if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


async def test_head_has_no_body_and_post_is_refused(pages):
    assert (await ask(pages, "HEAD", "/logo.svg")).body == b""
    assert (await ask(pages, "POST", "/")).status == 405


async def test_a_page_says_how_to_build_when_it_is_not_built(tmp_path):
    got = await ask(dashboard.create_app(tmp_path / "dist", {}, SECURITY), "GET", "/")
    assert got.status == 503
    assert b"npm run build" in got.body


def test_the_policy_is_the_deployments_own():
    headers = template.security_headers(template.load(ROOT / "template.yaml"))
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "upgrade-insecure-requests" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
