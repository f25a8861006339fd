/** What a deployment tells its dashboard, read from `config.json` beside index.html. */
export interface Config {
  /** Where the admin API is; "" = this host. */
  apiBase: string;
  /** Where clients send model requests; "" = this host. */
  proxyUrl: string;
  stage: string;
}

const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");

/** Only http(s) addresses are taken, without a trailing slash; everything else counts as absent. */
function address(value: unknown): string {
  const url = text(value).replace(/\/+$/, "");
  return /^https?:\/\//i.test(url) ? url : "";
}

export function parseConfig(data: unknown): Config {
  const given = typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
  return {
    apiBase: address(given.apiBase),
    proxyUrl: address(given.proxyUrl),
    stage: text(given.stage).slice(0, 32) || "dev",
  };
}

/** Reads config.json; a missing or broken file means the defaults, which fit a deployment behind one host. */
export async function loadConfig(): Promise<Config> {
  try {
    const reply = await fetch("/config.json", { cache: "no-cache" });
    return parseConfig(reply.ok ? await reply.json() : null);
  } catch {
    return parseConfig(null);
  }
}

/** The address to show in snippets. */
export const clientUrl = (config: Config) => config.proxyUrl || location.origin;
