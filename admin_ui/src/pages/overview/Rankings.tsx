import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Overview } from "@/api/overview";
import { modelsQuery, providersQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { count, duration, percent, short } from "@/format/numbers";
import { Badge } from "@/ui/Badge";
import { SkeletonRows } from "@/ui/Page";
import { Money } from "@/ui/Value";

const most = 6;

/** Who causes the traffic, and how each provider’s requests ended. */
export function Rankings({ data }: { data: Overview | undefined }) {
  const { api } = useApp();
  const models = useQuery(modelsQuery(api)).data ?? [];
  const unpriced = new Set(models.filter((model) => !model.price).map((model) => model.id));
  return (
    <>
      <div className="split">
        <Ranking
          title="Top models"
          head={["Model", "Requests", "Tokens", "Cost"]}
          empty="No model was used in this time."
          loading={!data}
        >
          {data?.models.slice(0, most).map((model) => (
            <tr key={model.name}>
              <td>
                <Link className="name" to="/logs" search={{ model: model.name }}>
                  {model.name}
                </Link>
                <Share part={model.requests} whole={data.totals.requests} />
              </td>
              <td className="right">{count(model.requests)}</td>
              <td className="right">{short(model.input_tokens + model.output_tokens)}</td>
              <td className="right">
                {model.cost_nano === 0 && unpriced.has(model.name) ? (
                  <span className="muted">unpriced</span>
                ) : (
                  <Money nano={model.cost_nano} />
                )}
              </td>
            </tr>
          ))}
        </Ranking>
        <Ranking
          title="Top keys"
          head={["Key", "Requests", "Errors", "Cost"]}
          empty="No key was used in this time."
          loading={!data}
        >
          {data?.keys.slice(0, most).map((key) => (
            <tr key={key.id}>
              <td>
                <Link className="name" to="/logs" search={{ key_id: key.id }}>
                  {key.name}
                </Link>
                <Share part={key.requests} whole={data.totals.requests} />
              </td>
              <td className="right">{count(key.requests)}</td>
              <td className="right">{count(key.errors)}</td>
              <td className="right">
                <Money nano={key.cost_nano} />
              </td>
            </tr>
          ))}
        </Ranking>
      </div>
      <Health data={data} />
    </>
  );
}

const Share = ({ part, whole }: { part: number; whole: number }) => (
  <span className="share" aria-hidden>
    <span style={{ width: `${whole > 0 ? Math.min(100, (100 * part) / whole) : 0}%` }} />
  </span>
);

/** Judged by the share of requests that failed: under 2 % is healthy, 10 % and more is failing. */
export function health(requests: number, errors: number): { state: "ok" | "warn" | "error" | "idle"; word: string } {
  if (requests === 0) return { state: "idle", word: "no traffic" };
  const share = errors / requests;
  if (share >= 0.1) return { state: "error", word: "failing" };
  return share >= 0.02 ? { state: "warn", word: "some errors" } : { state: "ok", word: "healthy" };
}

function Health({ data }: { data: Overview | undefined }) {
  const { api } = useApp();
  const providers = useQuery(providersQuery(api)).data;
  const names = new Set([
    ...(providers?.map((provider) => provider.id) ?? []),
    ...(data?.providers.map((provider) => provider.name) ?? []),
  ]);
  return (
    <Ranking
      title="Providers in this time"
      head={["Provider", "Outcome", "Requests", "Errors", "First byte p95", "Cost"]}
      empty="There is no provider yet."
      loading={!data || !providers}
    >
      {data &&
        [...names].map((id) => {
          const row = data.providers.find((item) => item.name === id);
          const { state, word } = health(row?.requests ?? 0, row?.errors ?? 0);
          const provider = providers?.find((item) => item.id === id);
          return (
            <tr key={id}>
              <td>
                <Link className="name" to="/logs" search={{ provider: id }}>
                  {provider?.name ?? id}
                </Link>
              </td>
              <td>
                {provider && !provider.active ? (
                  <Badge state="off">disabled</Badge>
                ) : (
                  <Badge state={state}>{word}</Badge>
                )}
              </td>
              <td className="right">{count(row?.requests ?? 0)}</td>
              <td className="right">
                {row?.requests ? `${count(row.errors)} (${percent(row.errors / row.requests)})` : "–"}
              </td>
              <td className="right">{row?.first_byte_p95_ms == null ? "–" : duration(row.first_byte_p95_ms)}</td>
              <td className="right">
                <Money nano={row?.cost_nano ?? 0} />
              </td>
            </tr>
          );
        })}
    </Ranking>
  );
}

function Ranking({
  title,
  head,
  empty,
  loading,
  children,
}: {
  title: string;
  head: string[];
  empty: string;
  loading: boolean;
  children: ReactNode;
}) {
  const nothing = !loading && Array.isArray(children) && children.length === 0;
  return (
    <section className="card table-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {nothing ? (
        <p className="card-body muted">{empty}</p>
      ) : (
        <div className="scroll">
          <table className="table" aria-busy={loading}>
            <thead>
              <tr>
                {head.map((name, index) => (
                  <th key={name} className={index === 0 || name === "Outcome" ? "" : "right"}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{loading ? <SkeletonRows rows={3} columns={head.length} /> : children}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}
