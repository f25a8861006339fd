"""The worst case of a request, before it is made: what admission holds, so that no number of them at once spends more than there is.

Every bound errs upwards, and none is a guess of what is likely: of two prices that may hold the dearer one does, of the candidates the
dearest counts, an answer is as long as it may be. What was held too much is given back as soon as the answer is out. Pure but for the
catalog, which is read as metering reads it, so that both speak of the same prices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from gateway.catalog import translation_facts
from gateway.catalog.attached import Attached
from gateway.catalog.pricing import FEMTO_PER_NANO, at_service, cost_femto, dearest_picture, rates_above
from gateway.catalog.tokens import most_of_picture
from gateway.neutral.config import Price, PriceTier
from gateway.neutral.usage import Usage, service_of
from gateway.policies.metering import Priced, price_of

UNKNOWN_OUTPUT: Final = 16_384
"""The longest answer of a model whose limit nobody knows, when the client names none."""

UNKNOWN_WINDOW: Final = 131_072
"""The most input of a model whose window nobody knows."""

_LEAST_OUTPUT: Final = 16  # Responses takes no smaller limit: one that is smaller is raised on the way
_FEMTO_PER_PICO: Final = 1_000
_MARGIN: Final = (2, 5)  # two fifths, and
_MARGIN_TOKENS: Final = 64
_TOKENS_OF_BYTES: Final = (
    2,
    7,
)  # two tokens in seven bytes of JSON: below the margin over what the estimate reads of an ordinary body

_P = TypeVar("_P", bound=Priced)


@dataclass(frozen=True, slots=True)
class Size:
    """What of a request decides how much it may cost at most.

    `input_tokens` is the estimate before the call; `max_output` the client's limit for each of its `choices`. `caching`: it holds marks of a
    prompt cache. `generates` False: nothing is written (embeddings). `media`: there may be sound or pictures in it. `service` is the service
    tier it asks for, as in `Usage.service`, or `auto`. `beside`: the most pictures, seconds, characters and searches, as `Usage` counts them; its
    tokens are not read. `elsewhere`: a part of the input lies at the provider, so that only the model's window bounds it. `attached`: the files in
    it. `raw`: the bytes of the whole body.
    """

    input_tokens: int
    max_output: int | None = None
    choices: int = 1
    caching: bool = False
    generates: bool = True
    media: bool = True
    service: str = ""
    beside: Usage = Usage()
    elsewhere: bool = False
    attached: Attached = Attached()
    raw: int = 0


@dataclass(frozen=True, slots=True)
class Worst:
    """Tokens (input and output) and nano-dollars at most; and at least, once the provider was called: the input, as cheap as it may be."""

    tokens: int
    nano: int
    known_tokens: int
    known_nano: int


def worst_case(size: Size, candidates: Sequence[Priced], *, hedged: bool = False) -> Worst:
    """The most that serving a request may come to, by any of the candidates, or by two of them at once (`hedged`).

    Candidates without a price count with their tokens alone: whether they may be called at all is decided before (`unpriced`).
    """
    tokens = [most_input(size, one) + output_bound(size, one) for one in candidates]
    prices = [(one, price_of(one)) for one in candidates]
    nano = [_dearest(size, one, price) for one, price in prices if price is not None]
    known = [_cheapest(size, price) for _, price in prices if price is not None]
    count = 2 if hedged else 1
    return Worst(_most(tokens, count), _most(nano, count), size.input_tokens, min(known, default=0))


def unpriced(candidates: Sequence[_P]) -> tuple[_P, ...]:
    """The candidates whose price nobody knows."""
    return tuple(one for one in candidates if price_of(one) is None)


def input_bound(estimate: int) -> int:
    """What the quick estimate of a request may be short of the provider's own count, added: two fifths and 64 tokens.

    The estimate counts bytes, and source code, numbers and scripts other than Latin have fewer of them in a token than prose has. With this
    margin it covers 99 of 100 bodies (tests/policies/test_margin.py). Long runs of digits or of base64 come to more; settlement then
    charges what they cost, so that a budget can end that much above its cap.
    """
    part, whole = _MARGIN
    return estimate + -(-estimate * part // whole) + _MARGIN_TOKENS


def most_input(size: Size, candidate: Priced) -> int:
    """The most tokens of input. A window is not widened by what the body adds to it: more than it holds is refused by the provider.

    Pictures come on top of it: some vendors bill more tokens for one than the model sees.
    """
    files = size.attached
    text = max(input_bound(size.input_tokens - files.estimated), _read(size.raw - files.data))
    if size.elsewhere or files.elsewhere:
        text = max(text, _window(candidate))
    elif files.carried:
        text = max(text, min(text + files.carried, _window(candidate)))
    drawn = files.pictures * most_of_picture(candidate.upstream_model) if files.pictures else 0
    return max(text + drawn, size.input_tokens)


def _read(raw: int) -> int:
    """Tokens of a body in which all but the data of files is text: servers may read what the estimate passes over."""
    part, whole = _TOKENS_OF_BYTES
    return max(0, -(-raw * part // whole))


def _window(candidate: Priced) -> int:
    model = candidate.model
    if model is not None and model.context_window is not None:
        return model.context_window
    known = translation_facts(candidate.provider.kind, candidate.upstream_model).context_window
    return UNKNOWN_WINDOW if known is None else known


def output_bound(size: Size, candidate: Priced) -> int:
    """The most tokens that all choices together may have.

    The limit is the client's, else the provider's default parameter, else the model's, else `UNKNOWN_OUTPUT`; never more than the model's.
    """
    if not size.generates:
        return 0
    said = candidate.provider.default_parameters
    asked = size.max_output if size.max_output is not None else _limit_of(said)
    most = _model_limit(candidate)
    known = UNKNOWN_OUTPUT if most is None else most
    limit = known if asked is None else max(_LEAST_OUTPUT, asked if most is None else min(asked, most))
    return limit * max(size.choices, _default(said, _CHOICES) or 1)


def _model_limit(candidate: Priced) -> int | None:
    model = candidate.model
    if model is not None and model.max_output_tokens is not None:
        return model.max_output_tokens
    return translation_facts(candidate.provider.kind, candidate.upstream_model).max_output_tokens


_LIMITS: Final = ("max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "maxTokens")
_CHOICES: Final = ("n", "candidateCount", "candidate_count")
_NESTED: Final = ("generationConfig", "generation_config", "inferenceConfig")


def _limit_of(defaults: Mapping[str, Any]) -> int | None:
    return _default(defaults, _LIMITS)


def _default(defaults: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    """A whole number among a provider's default parameters, by any of its names, at the top or where some dialects keep it."""
    if not defaults:
        return None
    within = [defaults, *(defaults[name] for name in _NESTED if isinstance(defaults.get(name), Mapping))]
    found = [part[name] for part in within for name in names if type(part.get(name)) is int and part[name] > 0]
    return max(found, default=None)


def _dearest(size: Size, candidate: Priced, price: Price) -> int:
    """Nano-dollars, rounded up."""
    most, output = most_input(size, candidate), output_bound(size, candidate)
    found = 0
    for service in _services(size.service, _added_service(candidate)):
        served = at_service(price, service)
        for rates in _reachable(served, most):
            text = most * max(_inputs(size, served, rates)) + output * max(_outputs(served, rates))
            found = max(found, text * _FEMTO_PER_PICO + _pieces(size.beside, served))
    return -(-found // FEMTO_PER_NANO)


def _pieces(counted: Usage, price: Price) -> int:
    """Femto-dollars of what is no text. What an answer says of its pictures is not known yet: the dearest that they may be."""
    drawn = dearest_picture(price, counted.picture)
    return cost_femto(_beside(counted), replace(price, pictures=None, per_image_output=drawn))


def _services(*asked: str) -> set[str]:
    """The tiers at which a request may come to be served. `auto` leaves it to the account's settings, which nobody here knows."""
    return {"", "priority", "flex"} if "auto" in asked else {"", *asked}


def _added_service(candidate: Priced) -> str:
    """The tier that the provider's default parameters ask for."""
    said = candidate.provider.default_parameters
    return service_asked(said) if said else ""


def service_asked(said: Mapping[str, Any]) -> str:
    """The service tier a body asks for: `priority`, `flex`, `auto` for what the account is set to, "" for the usual one and for none."""
    tier = said.get("service_tier") or said.get("serviceTier")
    name = tier.lower() if isinstance(tier, str) else ""
    return name if name == "auto" else service_of(name)


def _beside(counted: Usage) -> Usage:
    return Usage(
        images_in=counted.images_in,
        images_out=counted.images_out,
        audio_ms_in=counted.audio_ms_in,
        audio_ms_out=counted.audio_ms_out,
        characters=counted.characters,
        searches=counted.searches,
    )


def _reachable(price: Price, tokens: int) -> list[Price | PriceTier]:
    """The rates that may come to hold for a request of at most so many tokens."""
    return [price, *(tier for tier in price.tiers if tokens > tier.above)]


def _inputs(size: Size, price: Price, rates: Price | PriceTier) -> Iterator[int]:
    """Prices one token of input may have. Some vendors write to their caches unasked, for minutes; for an hour only where marks are."""
    media = (price.audio_input, price.image_input) if size.media else ()
    caching = (rates.cache_write_1h,) if size.caching else ()
    return _said(rates.input, rates.cache_read, rates.cache_write_5m, *caching, *media)


def _outputs(price: Price, rates: Price | PriceTier) -> Iterator[int]:
    """Prices one token of output may have. Models that draw or speak do so unasked."""
    return _said(rates.output, rates.reasoning, price.audio_output, price.image_output)


def _said(*prices: int | None) -> Iterator[int]:
    return (price for price in prices if price is not None)


def _cheapest(size: Size, price: Price) -> int:
    """Nano-dollars of the input, rounded down: read from a cache where that has a price, else fresh."""
    found = []
    for service in _services(size.service):
        served = at_service(price, service)
        rates = rates_above(served, size.input_tokens)
        each = min(_said(rates.input, rates.cache_read))
        found.append(size.input_tokens * each + served.request)
    return min(found) * _FEMTO_PER_PICO // FEMTO_PER_NANO


def _most(amounts: list[int], count: int) -> int:
    return sum(sorted(amounts, reverse=True)[:count])
