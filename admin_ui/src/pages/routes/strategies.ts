import type { RouteBody, Strategy } from "@/api/types";

/** How a route chooses among its targets, in a line each. */
export const strategies: Record<Strategy, { label: string; line: string }> = {
  priority: {
    label: "Priority (fallback)",
    line: "The lowest priority number first; the others serve when it cannot. Equal numbers take turns by weight.",
  },
  round_robin: { label: "Round robin", line: "All targets take turns, evenly spread by their weights." },
  weighted: { label: "Weighted", line: "Chosen by chance, in proportion to the weights." },
  weighted_random: {
    label: "Weighted by health",
    line: "Chosen by chance: weight × success rate ÷ time to the first content. Nobody starves.",
  },
  cost: {
    label: "Cheapest",
    line: "What this request is estimated to cost, lowest first; targets without a price last.",
  },
  latency: {
    label: "Fastest",
    line: "The shortest time to the first content first (p50); targets not measured yet are tried now and then.",
  },
  usage: { label: "Most quota left", line: "The provider whose keys have the most of their daily quota left first." },
  sticky: {
    label: "Sticky",
    line: "The same session, user or prompt goes to the same target, so that the provider’s cache works.",
  },
};

export const stickyBy: Record<NonNullable<RouteBody["sticky_by"]>, string> = {
  auto: "The best that is known",
  session: "The client’s session",
  user: "The user",
  key: "The virtual key",
  prefix: "The beginning of the prompt",
};

export const optionsOf = (labels: Record<string, string>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));
