"""An environment of the data plane that admits, renews and settles requests until it is killed.

`python -m tests.hot_stores.dying <endpoint> <state table> <logs table>` writes one line after each step: `admitted <id>`, `renewed <id>`,
`settled <id>`.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Final

from gateway.aws.credentials import StaticCredentials
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.retries import Policy
from gateway.aws.session import AwsSession
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock
from gateway.neutral.limits import Admission, Ask, Budget, Limits, Scope, Spent
from gateway.neutral.logrow import Caller, Cost, LogRow
from gateway.stores.hot_limits import HotLimits

REGION: Final = "eu-central-1"
KEY: Final = Scope("key", "k1", Limits(concurrent=1000, budgets=(Budget("day", 10**12), Budget("total", 10**12))))
TEAM: Final = Scope("team", "red", Limits(tokens_per_minute=10**9, budgets=(Budget("total", 10**12),)))
WORST, KNOWN, RENEWED, EXACT = 1000, 30, 90, 400
TOKENS: Final = 7
AT_ONCE: Final = 3


def database(url: str, clock: Clock) -> DynamoDB:
    """A client of the local AWS."""
    credentials = StaticCredentials(Credentials("test", "made-up"))
    policy = Policy(attempts=6, base=0.05, total=30.0)
    return DynamoDB(AwsSession(REGION, url, credentials, clock, policy=policy))


def row(identifier: str, clock: Clock, state: str, nano: int | None = None) -> LogRow:
    """A row of a request, before or after."""
    cost = Cost() if nano is None else Cost(nano, "priced")
    caller = Caller(key_id="k1", team_id="red")
    status = 0 if state == "running" else 200
    now_ms = clock.now_ms()
    return LogRow(
        identifier, now_ms, "POST", "/v1/x", "openai", status, now_ms // 1000 + 9999, state, caller=caller, cost=cost
    )


def _say(step: str, identifier: str) -> None:
    sys.stdout.write(f"{step} {identifier}\n")
    sys.stdout.flush()


async def _requests(limits: HotLimits, clock: Clock) -> None:
    while True:
        identifier = clock.new_id("req")
        ask = Ask(identifier, (KEY, TEAM), tokens=500, nano=WORST, known_nano=KNOWN, known_tokens=TOKENS)
        admission = await limits.admit(ask, row(identifier, clock, "running"))
        if not isinstance(admission, Admission):
            raise TypeError(admission)
        _say("admitted", identifier)
        await limits.renew(admission, Spent(RENEWED, TOKENS))
        _say("renewed", identifier)
        await limits.settle(admission, Spent(EXACT, 60), row(identifier, clock, "done", EXACT))
        _say("settled", identifier)


async def _live(url: str, state: str, logs: str) -> None:
    clock = Clock()
    limits = HotLimits(database(url, clock), state, logs, clock, "dying")
    await asyncio.gather(*(_requests(limits, clock) for _ in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(_live(*sys.argv[1:4]))
