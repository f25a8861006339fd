"""Every error of ours, in one tree. Each leaf knows its HTTP status, its stable code, and whether another attempt may help.

::

    GatewayError
    ├── CallerError            the client can mend it; never retried, never failed over
    │   ├── InvalidRequest     400  invalid_request        body, field or value
    │   │   └── CannotCarry    400  unsupported_by_provider  a feature this model's provider has no form for
    │   ├── Blocked            400  guardrail_blocked      a guardrail found something in the request
    │   ├── Unauthorized       401  invalid_api_key        one text for every reason
    │   ├── Forbidden          403  permission_denied      the key may not do this
    │   │   └── Unpriced       403  model_unpriced         nobody knows what it costs, and somebody's money is limited
    │   ├── NotFound           404  not_found | model_not_found | upload_not_found
    │   ├── MethodNotAllowed   405  method_not_allowed     carries Allow
    │   ├── TooLarge           413  request_too_large
    │   ├── CacheMiss          504  cache_miss             there is no kept answer, and the client wanted nothing else
    │   ├── IdempotencyInProgress  409  idempotency_key_in_use  the first request under this Idempotency-Key still runs; waiting helps
    │   ├── MessageInProgress  409  message_in_progress    the message of this id is being answered; waiting helps
    │   ├── MessageMismatch    422  message_id_reused      another text than the first under this message_id
    │   └── IdempotencyMismatch    422  idempotency_key_reused  another request than the first under this Idempotency-Key
    ├── LimitReached           429  rate_limit_exceeded    a rate, or requests at once; waiting helps
    ├── BudgetSpent            429  insufficient_quota     402 in Anthropic's dialect and for token balances; repeating does not help
    ├── Stopped                499  request_stopped        somebody who may asked for it; no client tries again
    ├── Unavailable            503  service_unavailable    our own store or configuration is out of reach
    │   └── Unjudged           503  guardrail_unavailable  the model that a guardrail asks did not answer
    ├── NoTarget               503  no_available_target    paused, failing or without keys: nobody can serve the model just now
    │   └── TargetsLimited     429  upstream_rate_limited  all that could wait for the end of a rate limit or quota
    ├── UnsafeUrl              400  unsafe_url             an upstream address that must not be reached
    └── UpstreamFault          502/504, see `gateway.upstream.faults`
        └── BadAnswer          502  upstream_bad_answer    not HTTP, not JSON, not what was asked for

The text of a message may reach a client and a log row: it never holds a credential, a body or a header value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class GatewayError(Exception):
    """Base of all errors this package raises on purpose. `headers` are added to the HTTP answer."""

    status: int = 500
    code: str = "internal_error"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, param: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.headers: Mapping[str, str] = headers or {}


class CallerError(GatewayError):
    """The request itself is at fault."""

    status = 400
    code = "invalid_request"


class InvalidRequest(CallerError):
    """A body, a field or a value that cannot be served."""


class CannotCarry(InvalidRequest):
    """A feature that has no form in the dialect of the model's provider; `param` names the client's field."""

    code = "unsupported_by_provider"


class Blocked(CallerError):
    """A guardrail found what it looks for; the message is its own and never says what."""

    code = "guardrail_blocked"


class Unauthorized(CallerError):
    """No credential, a wrong, a revoked or an expired one: the caller is not told which."""

    status = 401
    code = "invalid_api_key"

    def __init__(self) -> None:
        super().__init__("Invalid or missing API key.")


class Forbidden(CallerError):
    """A valid key that may not do this."""

    status = 403
    code = "permission_denied"


class Unpriced(Forbidden):
    """No candidate of the model has a price, and the key, its user or its team has a money budget."""

    code = "model_unpriced"


class NotFound(CallerError):
    """No such path or model."""

    status = 404
    code = "not_found"


class ModelNotFound(NotFound):
    """No route and no model of that name; the message names near matches."""

    code = "model_not_found"


class UploadNotFound(NotFound):
    """No file of this caller's under that id: never announced by it, not put yet, or too old. The caller is not told which."""

    code = "upload_not_found"

    def __init__(self) -> None:
        super().__init__(
            "There is no such upload. It is there once its file was put to the URL that POST /v1/audio/uploads answered, for a day.",
            param="upload",
        )


class MethodNotAllowed(CallerError):
    """The path exists, the method does not."""

    status = 405
    code = "method_not_allowed"


class TooLarge(CallerError):
    """The body is over the limit of the platform."""

    status = 413
    code = "request_too_large"


class CacheMiss(CallerError):
    """A client that wants a kept answer or none: https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1.7"""

    status = 504
    code = "cache_miss"


class IdempotencyInProgress(CallerError):
    """A second request came under an `Idempotency-Key` while the first one runs. Its answer will be replayed once it is there."""

    status = 409
    code = "idempotency_key_in_use"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "A request with the same Idempotency-Key is still running. Repeat this one when it has ended, to get its answer.",
            param="Idempotency-Key",
            headers={"retry-after": "1", "x-should-retry": "true"},
        )


class IdempotencyMismatch(CallerError):
    """An `Idempotency-Key` that was used for another request: other path, query or body."""

    status = 422
    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another request (its path, query or body differ). Use a new key for a new request.",
            param="Idempotency-Key",
            headers={"x-should-retry": "false"},
        )


class MessageInProgress(CallerError):
    """A message came again while its first request is at work on it. Its answer will be given again once it is there."""

    status = 409
    code = "message_in_progress"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "This message is being answered. Send it again under the same id when that has ended, to get its answer.",
            param="message_id",
            headers={"retry-after": "1", "x-should-retry": "true"},
        )


class MessageMismatch(CallerError):
    """A `message_id` of the dialog that was used for another text."""

    status = 422
    code = "message_id_reused"

    def __init__(self) -> None:
        super().__init__(
            "This id was used for a message with another text in this dialog. Use a new id for a new message.",
            param="message_id",
            headers={"x-should-retry": "false"},
        )


class LimitReached(GatewayError):
    """A rate or the number of requests at once; `retry-after` says when there is room again."""

    status = 429
    code = "rate_limit_exceeded"
    retryable = True


class BudgetSpent(GatewayError):
    """There is no room for the request's worst case in a budget. OpenAI's code for it is what its clients do not repeat."""

    code = "insufficient_quota"

    def __init__(self, message: str, status: int = 429, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, headers=headers)
        self.status = status


class Stopped(GatewayError):
    """`DELETE /v1/requests/{id}`. Clients of the vendors repeat 408, 409, 429 and 5xx, so it is none of these."""

    status = 499
    code = "request_stopped"


class Unavailable(GatewayError):
    """Our own stores or configuration are out of reach: refused, never waved through."""

    status = 503
    code = "service_unavailable"
    retryable = True


class Unjudged(Unavailable):
    """A guardrail that blocks could not be asked: nothing passes unseen."""

    code = "guardrail_unavailable"


class NoTarget(GatewayError):
    """Every target of the model was left out; the message says why of each. `retry-after` where the first of them is expected back."""

    status = 503
    code = "no_available_target"
    retryable = True


class TargetsLimited(NoTarget):
    """The keys of every target that could serve the request cool down after a 429 or have used up their daily quota."""

    status = 429
    code = "upstream_rate_limited"


class UnsafeUrl(GatewayError):
    """An upstream URL that points where the gateway must not go (SSRF)."""

    status = 400
    code = "unsafe_url"


class UpstreamFault(GatewayError):
    """The provider did not give a usable answer."""

    status = 502
    code = "upstream_error"
    retryable = True


class BadAnswer(UpstreamFault):
    """Something came back that is not an answer: not HTTP, not JSON, not what was asked for."""

    code = "upstream_bad_answer"
