import { count, percent, short } from "@/format/numbers";
import { SkeletonRows } from "@/ui/Page";
import { Tooltip } from "@/ui/Tooltip";
import { Money } from "@/ui/Value";
import type { CacheRow } from "./cache-rows";

const heads = ["Model", "Requests", "From cache", "Read", "Written"];

/** By model and provider: how much of its input came from the provider's cache. */
export function CacheTable({ rows, priced }: { rows: CacheRow[] | undefined; priced: boolean }) {
  return (
    <section className="card table-card" aria-label="By model">
      <header>
        <h2>By model and provider</h2>
      </header>
      <div className="scroll">
        <table className="table cards" aria-label="Cache by model and provider" aria-busy={!rows}>
          <thead>
            <tr>
              {[...heads, ...(priced ? ["Saved"] : [])].map((head, index) => (
                <th key={head} scope="col" className={index > 0 ? "right" : undefined}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {!rows && <SkeletonRows rows={4} columns={6} />}
            {rows?.map((row) => (
              <tr key={row.key}>
                <td>
                  <span className="name breakable">{row.model}</span>
                  <div className="sub">{row.provider}</div>
                </td>
                <td className="right" data-label="Requests">
                  {count(row.requests)}
                </td>
                <td className="right" data-label="From cache">
                  {row.share === null ? "–" : percent(row.share)}
                </td>
                <td className="right" data-label="Read">
                  <Tokens value={row.read} />
                </td>
                <td className="right" data-label="Written">
                  <Tokens value={row.written} />
                </td>
                {priced && (
                  <td className="right" data-label="Saved">
                    <Saved nano={row.saved} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const Tokens = ({ value }: { value: number }) => <span title={`${count(value)} tokens`}>{short(value)}</span>;

function Saved({ nano }: { nano: number | null }) {
  if (nano === null) {
    return (
      <Tooltip text="The model has no price here, or is not in the list any more.">
        <span className="sub">no price</span>
      </Tooltip>
    );
  }
  if (nano === 0) return <span className="sub">–</span>;
  return (
    <>
      {nano < 0 && "−"}
      <Money nano={Math.abs(nano)} />
    </>
  );
}
