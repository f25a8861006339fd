/** What the cache did with a request, in a cell and in a sentence. */
export const cacheWords: Record<string, { label: string; line: string }> = {
  hit: { label: "hit", line: "Answered with what was kept for the same request." },
  semantic: { label: "by meaning", line: "Answered with what was kept for a question that means the same." },
  miss: { label: "not found", line: "Nothing was kept for it; its own answer was, if it was whole and good." },
  bypass: { label: "bypassed", line: "It could not be answered from the cache, or its client wanted a fresh answer." },
  replay: { label: "replayed", line: "Its idempotency key had an answer already, which was given again." },
  off: { label: "off", line: "Its route keeps no answers." },
};

/** Words that are not known here are shown as they are. */
export const cacheWord = (state: string) => cacheWords[state] ?? { label: state, line: state };

/** Whether the answer was one that was kept. */
export const givenAgain = (state: string) => state === "hit" || state === "semantic";
