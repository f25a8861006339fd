"""What a conversation costs its owner, and what they take along: balance, refusal, deduction, history, export, import, removal."""

from __future__ import annotations

import httpx
from tests.e2e.local_stack import LocalStack
from tests.e2e.test_dialog_story import dialog_of, user
from tests.exchange.talking import said
from tests.upstream.background import BackgroundUpstream

V1 = "/api/v1"


def _taken_along(upstream: BackgroundUpstream, ada: httpx.Client, eve: httpx.Client) -> None:
    """Ada's dialog becomes one of Eve's, who goes on with it."""
    document = ada.get(f"{V1}/export").json()
    assert [(one["role"], one["content"]) for one in document["dialogs"][0]["messages"]] == [
        ("user", "Hi"),
        ("assistant", "Fine."),
    ]
    assert eve.post(f"{V1}/export/import", json=document).json() == {
        "dialogs_imported": 1, "messages_imported": 2, "errors": [],
    }  # fmt: skip
    (copied,) = eve.get(f"{V1}/dialogs").json()["items"]
    listed = eve.get(f"{V1}/dialogs/{copied['id']}/messages").json()
    assert [one["content"] for one in listed] == ["Hi", "Fine."]
    upstream.add(said("Still fine."), model="scripted")
    eve.post(f"{V1}/dialogs/{copied['id']}/messages/sync", json={"content": "And now?"}).raise_for_status()
    listed = eve.get(f"{V1}/dialogs/{copied['id']}/messages").json()
    assert [one["content"] for one in listed] == ["Hi", "Fine.", "And now?", "Still fine."]


def test_a_conversation_is_paid_taken_along_and_removed(stack: LocalStack, upstream: BackgroundUpstream) -> None:
    with user(stack, "ada") as ada, user(stack, "eve") as eve, stack.admin() as admin:
        me = ada.get("/api/auth/me").json()["id"]
        admin.post("/api/admin/end-users", json={"id": me, "token_balance": True}).raise_for_status()
        assert ada.get(f"{V1}/users/me/tokens").json() == {
            "balance": 0, "total_used": 0, "limit": None, "held": 0, "pays": True,
        }  # fmt: skip
        dialog = dialog_of(ada, system_prompt="Be brief.")
        path = f"{V1}/dialogs/{dialog}/messages"
        asked = {"content": "Hi", "message_id": "m-1", "agent_config": {"max_tokens": 50}}
        refused = ada.post(path, json=asked)
        assert (refused.status_code, refused.json()["code"]) == (402, "INSUFFICIENT_TOKENS")
        assert refused.headers["content-type"] == "application/json", "before any stream"

        tokens = f"{V1}/admin/users/{me}/tokens"
        for _ in range(2):
            told = admin.post(tokens, json={"amount": 5000, "id": "invoice-1"}).raise_for_status()
            assert told.json()["balance"] == 5000
        upstream.add(said("Fine."), model="scripted")
        answer = ada.post(f"{path}/sync", json=asked).raise_for_status().json()
        cost = answer["prompt_tokens"] + answer["completion_tokens"]
        assert cost > 0
        assert ada.post(f"{path}/sync", json=asked).raise_for_status().json()["id"] == answer["id"]
        own = ada.get(f"{V1}/users/me/tokens").json()
        assert (own["balance"], own["total_used"], own["held"]) == (5000 - cost, cost, 0), "paid once"
        history = ada.get(f"{V1}/users/me/tokens/history").json()
        assert [(one["amount"], one["reason"]) for one in history] == [(-cost, "llm_usage"), (5000, "admin_top_up")]
        row = admin.get(f"{V1}/admin/users/{me}").json()
        assert (row["dialog_count"], row["total_tokens_used"], row["balance"]) == (1, cost, 5000 - cost)
        assert row["last_activity"] is not None

        _taken_along(upstream, ada, eve)

        assert ada.delete(f"{V1}/dialogs/{dialog}").status_code == 204
        assert ada.get(path).status_code == ada.post(path, json=asked).status_code == 404
        left = [item for item in stack.every_item() if str(item["pk"]).endswith(f"#{dialog}")]
        assert left == []
        assert ada.get(f"{V1}/users/me/tokens").json()["total_used"] == cost, "what was used stays used"
