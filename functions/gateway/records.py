"""What a row says of its request's attempts, and who of them it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from gateway.calling import Call
from gateway.ingress.draft import Draft
from gateway.neutral.logrow import Attempt
from gateway.routing.attempts import Try
from gateway.routing.candidate import Reason, Skipped

_UNWELL: Final = frozenset[Reason](["paused", "breaker_open", "cooling", "quota", "dead", "no_key"])
_TOLD: Final = 8


class Records:
    """The attempts of one request, by their place in the row. `monotonic` gives seconds, as `Draft.started`."""

    def __init__(self, draft: Draft, monotonic: Callable[[], float]) -> None:
        self._draft = draft
        self._monotonic = monotonic

    def name(self, turn: Try, call: Call | None) -> None:
        """Whose answer the row is about, as far as it is known now. Of two calls beside each other either may have told its facts last."""
        draft, candidate = self._draft, turn.candidate
        draft.provider, draft.upstream_model = candidate.provider.id, candidate.upstream_model
        draft.model = candidate.model.id if candidate.model else candidate.upstream_model
        draft.upstream_key = turn.key
        draft.upstream_request_id = None
        if call is not None:
            draft.upstream_request_id, draft.metered = call.upstream_request_id, call.metered

    def passed_over(self, skipped: Iterable[Skipped]) -> None:
        """Targets that the plan left out because of how they or their keys are: the row says why they were not asked."""
        began = (self._monotonic() - self._draft.started) * 1000
        unwell = [one for one in skipped if one.reason in _UNWELL]
        for one in unwell[:_TOLD]:
            made = Attempt(one.provider, one.model, None, None, one.reason, None, 0.0, "next_target", "skip", began)
            self._add(made)

    def skipped(self, turn: Try, fault: str) -> int:
        """A turn that came without a call being made; the row names it where it names nobody yet."""
        if self._draft.provider is None:
            self.name(turn, None)
        began = (self._monotonic() - self._draft.started) * 1000
        target = turn.candidate.provider.id, turn.candidate.upstream_model
        return self._add(Attempt(*target, None, None, fault, None, 0.0, kind="skip", began_ms=began))

    def made(self, turn: Try, call: Call, kind: str) -> int:
        """A call, of which it is known now whether it will do."""
        draft, candidate = self._draft, turn.candidate
        return self._add(
            Attempt(
                candidate.provider.id,
                candidate.upstream_model,
                turn.key.id if turn.key is not None else None,
                call.status,
                call.fault,
                None if call.first is None else (call.first - call.began) * 1000,
                (self._monotonic() - call.began) * 1000,
                kind="mirror" if draft.mirror_of else kind,
                began_ms=(call.began - draft.started) * 1000,
            )
        )

    def amend(self, record: int | None, **changes: Any) -> None:
        """Complete what is known of an attempt; None is nobody's."""
        if record is not None:
            self._draft.attempts[record] = replace(self._draft.attempts[record], **changes)

    def _add(self, made: Attempt) -> int:
        self._draft.attempts.append(made)
        return len(self._draft.attempts) - 1
