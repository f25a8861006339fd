import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { healthQuery, type ProviderHealth } from "@/api/routing";
import { useApp } from "@/app-context";
import { worstFirst } from "@/format/health";
import { HealthBadge, healthText } from "@/pages/providers/Health";
import { Badge } from "@/ui/Badge";
import { Skeleton } from "@/ui/Page";
import { useNow } from "@/ui/Value";

const most = 6;

/** How the providers are doing just now: each that has a trouble, with what it is, and how many have none. */
export function HealthStrip() {
  const { api } = useApp();
  const { data, error } = useQuery(healthQuery(api));
  const list = worstFirst(data?.providers.filter(({ state }) => state !== "inactive") ?? []);
  if (error || (data && list.length === 0)) return null;
  const troubled = list.filter(({ state }) => state !== "ok");
  const fine = list.length - troubled.length;
  return (
    <section className="card health-strip" aria-label="Providers just now" aria-busy={!data}>
      <Link to="/providers">Providers just now</Link>
      {!data && <Skeleton width={40} />}
      <ul>
        {troubled.slice(0, most).map((provider) => (
          <Trouble key={provider.id} provider={provider} />
        ))}
        {troubled.length > most && <li className="muted">and {troubled.length - most} more</li>}
        {fine > 0 && (
          <li>
            <Badge state="ok">ok</Badge>
            {troubled.length > 0
              ? `${fine} ${fine === 1 ? "other" : "others"}`
              : fine === 1
                ? list[0]?.name
                : `All ${fine}`}
          </li>
        )}
      </ul>
    </section>
  );
}

function Trouble({ provider }: { provider: ProviderHealth }) {
  const now = useNow();
  return (
    <li>
      <HealthBadge state={provider.state} />
      <Link to="/providers" search={{ open: provider.id }}>
        {provider.name}
      </Link>
      <span className="muted">{healthText(provider, now)}</span>
    </li>
  );
}
