import type { Deployment } from "@/api/settings";

/** A fact of the deployment: what it is, in words, and the template's parameter that changes it (absent = nothing does). */
export interface Fact {
  name: string;
  value: string;
  note?: string;
  parameter?: string;
  /** The value itself is worth copying. */
  copy?: boolean;
}

export interface FactGroup {
  title: string;
  facts: Fact[];
}

const yes = (value: boolean) => (value ? "yes" : "no");
const seconds = (value: number) => `${value} s`;
const days = (value: number) => `${value} ${value === 1 ? "day" : "days"}`;

const registrations: Record<string, string> = {
  closed: "closed: only administrators make users",
  invite: "by invitation",
  open: "open to everybody, as a user",
};

/** The deployment's facts, grouped as people look for them. */
export function factGroups(facts: Deployment): FactGroup[] {
  return [
    {
      title: "Deployment",
      facts: [
        { name: "Stage", value: facts.stage, parameter: "Stage" },
        { name: "Region", value: facts.region, note: "Where the stack was deployed" },
      ],
    },
    {
      title: "How soon changes hold",
      facts: [
        {
          name: "Releases",
          value: `within ${seconds(facts.propagation_seconds)}`,
          note: `A warm gateway looks every ${seconds(facts.config_poll_seconds)}, at its next request`,
        },
        {
          name: "Virtual keys",
          value: `within ${seconds(facts.key_cache_seconds)}`,
          note: "Revoked, limited or changed keys, in either way of publishing",
        },
      ],
    },
    {
      title: "Sign-in",
      facts: [
        {
          name: "Registration",
          value: registrations[facts.registration] ?? facts.registration,
          parameter: "Registration",
        },
        { name: "Identity provider", value: facts.oidc_issuer ?? "none", parameter: "OidcIssuer" },
      ],
    },
    {
      title: "Kept data",
      facts: [
        { name: "Request logs", value: days(facts.log_ttl_days), parameter: "LogTtlDays" },
        { name: "Audit log", value: days(facts.audit_ttl_days), parameter: "AuditTtlDays" },
        {
          name: "Durable logs",
          value: yes(facts.durable_logs),
          note: "Whether a request’s row is written before its answer begins",
        },
      ],
    },
    {
      title: "Requests",
      facts: [
        {
          name: "Calls per target",
          value: String(facts.retry_attempts),
          note: "The first included; a route may say otherwise",
          parameter: "RetryAttempts",
        },
        {
          name: "Sign of life in silent streams",
          value: facts.keepalive_seconds ? `every ${seconds(facts.keepalive_seconds)}` : "off",
          parameter: "KeepaliveSeconds",
        },
        {
          name: "Shared health",
          value: yes(facts.upstream_health),
          note: "Breakers, cooldowns and dead keys are known to all environments",
          parameter: "UpstreamHealth",
        },
        {
          name: "Embedder of its own",
          value: yes(facts.offline_embedder),
          note: "Compares questions for the cache without a provider",
          parameter: "OfflineEmbedder",
        },
        {
          name: "Private addresses",
          value: facts.allow_private_upstreams ? "allowed where a provider is marked for it" : "refused",
          parameter: "AllowPrivateUpstreams",
        },
        {
          name: "Tokens of a new user",
          value: facts.token_grant.toLocaleString("en-US"),
          note: "For users that pay from a token balance",
          parameter: "TokenGrant",
        },
      ],
    },
  ];
}
