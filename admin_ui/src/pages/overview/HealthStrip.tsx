import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "@/api/routing";
import { useApp } from "@/app-context";
import { worstFirst } from "@/format/health";
import { HealthBadge, healthText } from "@/pages/providers/Health";
import { Skeleton } from "@/ui/Page";
import { useNow } from "@/ui/Value";

const most = 8;

/** How the providers are doing just now, in a line: those with a trouble first, with what it is. */
export function HealthStrip() {
  const { api } = useApp();
  const now = useNow();
  const { data, error } = useQuery(healthQuery(api));
  if (error || data?.providers.length === 0) return null;
  const list = worstFirst(data?.providers.filter(({ state }) => state !== "inactive") ?? []);
  return (
    <section className="card health-strip" aria-label="Providers just now" aria-busy={!data}>
      <strong>Providers just now</strong>
      {!data && <Skeleton width={40} />}
      <ul>
        {list.slice(0, most).map((provider) => (
          <li key={provider.id}>
            <HealthBadge state={provider.state} />
            <Link to="/providers" search={{ open: provider.id }}>
              {provider.name}
            </Link>
            {provider.state !== "ok" && <span className="muted">{healthText(provider, now)}</span>}
          </li>
        ))}
        {list.length > most && (
          <li>
            <Link to="/providers">and {list.length - most} more</Link>
          </li>
        )}
      </ul>
    </section>
  );
}
