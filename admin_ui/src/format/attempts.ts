// The stable words of attempts, as sentences. A word that is not known here is shown as it is.

type Words = Readonly<Record<string, string>>;

/** What went wrong with a call, or why a target's turn passed. */
const faults: Words = {
  upstream_unreachable: "The provider could not be reached.",
  upstream_dns: "The provider’s host name does not resolve.",
  upstream_connect_timeout: "No connection within the connect timeout.",
  upstream_timeout: "No answer within the first-byte timeout.",
  upstream_idle_timeout: "The answer stopped coming.",
  upstream_total_timeout: "The call took longer than its whole time allows.",
  upstream_reset: "The connection broke under way.",
  upstream_cut: "The stream broke off before its end.",
  upstream_bad_answer: "The answer was not what was asked for.",
  upstream_error: "The provider failed.",
  upstream_status: "The provider answered with an error.",
  in_band_error: "The provider sent an error inside its answer.",
  no_answer: "No answer came.",
  provider_unavailable: "The provider has no usable credential or address.",
  unsafe_url: "The provider’s address may not be called from here.",
  model_refused: "The provider refuses this model, what was said, or the place; its key is not at fault.",
  cannot_carry: "The request uses a feature that this provider has no form for.",
  unsupported_by_provider: "The provider does not offer this kind of request.",
  key_unreadable: "The stored key could not be opened just now.",
  client_gone: "The client had left.",
  request_stopped: "Somebody who may stopped the request.",
  cancelled: "The call was ended under way; the provider is not at fault.",
  lost: "Another target was faster.",
  rules: "The target’s condition does not hold for this request.",
  paused: "The target is paused.",
  inactive: "The model or its provider is switched off, or gone.",
  not_allowed: "The virtual key may not use this provider.",
  excluded: "The client excluded this provider.",
  capability: "The model is not known to do what the client requires.",
  breaker_open: "Its circuit breaker is open: too many faults just now.",
  probe_taken: "Its half-open circuit breaker lets one call through, and another request has it.",
  cooling: "All keys of the provider wait for the end of a cooldown.",
  quota: "All keys of the provider used up their daily quota.",
  quota_used: "All keys of the provider used up their daily quota.",
  breaker_half_open: "Its circuit breaker is half-open: one call at a time tries whether it works again.",
  faults: "One call in ten or more failed.",
  dead: "The provider refuses all its keys.",
  no_key: "The provider needs a key and has no active one.",
};

/** Why a target was not called, as it was then; other words are those of `faults`. */
const skips: Words = {
  rules: "its condition did not hold for this request",
  paused: "it was paused",
  inactive: "its model or provider was switched off, or gone",
  not_allowed: "the virtual key may not use its provider",
  excluded: "the client excluded its provider",
  capability: "its model is not known to do what the client requires",
  breaker_open: "its circuit breaker was open",
  probe_taken: "its half-open circuit breaker lets one call through, and another request had it",
  cooling: "all keys of its provider waited for the end of a cooldown",
  quota: "all keys of its provider had used up their daily quota",
  quota_used: "all keys of its provider had used up their daily quota",
  dead: "its provider refused all its keys",
  no_key: "its provider needs a key and had no active one",
};

/** What a provider's status means for us. */
const statuses: Words = {
  400: "The provider refused the request itself.",
  401: "The provider refused the key.",
  402: "The provider wants the account paid first.",
  403: "The provider does not let this key do that.",
  404: "The provider does not know this model.",
  408: "The provider gave up for lack of time.",
  409: "The provider is busy with the same thing.",
  413: "The request is too large for this provider.",
  422: "The provider refused the request itself.",
  429: "The provider wants fewer requests with this key.",
  529: "The provider is overloaded.",
};

function statusText(status: number): string {
  if (status >= 300 && status < 400) return "The provider redirected; redirects are not followed.";
  return statuses[status] ?? (status >= 500 ? "The provider failed." : "The provider refused the request itself.");
}

/** What followed an attempt, and why. */
const steps: Words = {
  retry: "Then the same target was asked again after a short wait: faults like this one often pass.",
  next_key: "Then the provider’s next key was tried at once: the fault was this key’s alone.",
  next_target: "Then the next target was asked at once: another provider may answer where this one did not.",
  stop_client_error: "Nothing followed: the request itself is at fault, and every provider would refuse it.",
  stop_client_gone: "Nothing followed: nobody was waiting for an answer any more.",
  stop_after_content: "Nothing followed: the client had a part of the answer, and another must not be mixed into it.",
  stop_time: "Nothing followed: too little time was left for another call.",
  stop_calls: "Nothing followed: the most calls of one request were made.",
  stop_budget: "Nothing followed: only a retry was left, and the budget for retries is used up.",
  stop_retry_after: "Nothing followed: only a retry was left, and the provider wants a longer wait than is allowed.",
  stop_hedged: "Ended: another call, beside it, had content first.",
  stop_probe: "Nothing followed: only a retry was left, and a half-open circuit breaker lets one call through.",
  exhausted: "Nothing followed: every key and target was tried as often as it may be.",
  hedge: "A second target was asked beside it, because no content had come in time.",
};
const silent = new Set(["", "stop", "stop_success", "first"]);

/** What went wrong in words; null where nothing did. The provider's own status says more than that it sent one. */
export function faultText(fault: string | null, status: number | null = null): string | null {
  if (fault === null) return null;
  if (status !== null && status >= 300 && (fault === "upstream_status" || !(fault in faults)))
    return statusText(status);
  if (/^[345][0-9]{2}$/.test(fault)) return statusText(Number(fault));
  return faults[fault] ?? fault;
}

/** Why a target was skipped. */
export function skipText(fault: string | null): string {
  if (fault === null) return "Not asked.";
  const why = skips[fault];
  return why ? `Not asked: ${why}.` : `Not asked. ${faults[fault] ?? fault}`;
}

/** How a call ended for which no provider is to blame; null for every other. */
export function endText({ fault, next }: { fault: string | null; next: string }): string | null {
  if (fault === null) return null;
  if (next === "stop_hedged" || fault === "lost") return "ended: another was first";
  return ends[fault] ?? null;
}
const ends: Words = {
  client_gone: "ended: the client left",
  request_stopped: "ended: stopped",
  cancelled: "ended",
};

/** Why the next step was taken; null where nothing is to be said. */
export function nextText(next: string): string | null {
  return silent.has(next) ? null : (steps[next] ?? `Then: ${next}`);
}

const kinds: Words = {
  probe: "probe",
  hedge: "hedge",
  mirror: "mirror",
  skip: "not asked",
  embedding: "embedding",
  moderation: "moderation",
};
const kindHints: Words = {
  probe: "The one call that a half-open circuit breaker lets through.",
  hedge: "Began beside a slow one; the first with content won.",
  mirror: "A copy; its answer went to nobody.",
  skip: "The target’s turn came, and it was not called.",
  embedding: "Made the question comparable, for the cache: no answer was wanted of it.",
  moderation: "Judged a text, for a guardrail: no answer was wanted of it.",
};

/** The label of what is no ordinary call, and what it means. */
export function kindText(kind: string): { label: string; hint: string } | null {
  return kind === "call" || kind === "" ? null : { label: kinds[kind] ?? kind, hint: kindHints[kind] ?? kind };
}
