import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { asAdded, contentQuery, diffQuery, publicationsQuery, type Placed } from "@/api/releases";
import { useApp } from "@/app-context";
import { isHash, shortHash } from "@/format/release-search";
import { day, clock } from "@/format/times";
import { Diff } from "@/ui/Diff";
import { Segments, Select } from "@/ui/Field";
import { LoadProblem, Skeleton } from "@/ui/Page";

interface Props {
  placed: Placed;
  hash: string;
  /** Absent = the one before, `force` = the one in force, else a hash. */
  against: string | undefined;
  onChange: (against: string | undefined) => void;
}

const ways = [
  { value: "before", label: "The one before" },
  { value: "force", label: "The one in force" },
  { value: "chosen", label: "Another" },
] as const;

/** What a release has different from another. */
export function Compare({ placed: { own, former }, hash, against, onChange }: Props) {
  const { api } = useApp();
  const list = useInfiniteQuery(publicationsQuery(api));
  const others = (list.data?.pages ?? []).flatMap((page) => page.items).filter((row) => row.number !== own?.number);
  const way = against === undefined ? "before" : against === "force" ? "force" : "chosen";
  const options = others.map((row) => ({
    value: row.release,
    label: `#${row.number} · ${day(row.at)} ${clock(row.at)} · ${shortHash(row.release)}`,
  }));
  if (isHash(against) && !options.some(({ value }) => value === against)) {
    options.unshift({ value: against, label: shortHash(against) });
  }
  const choose = (next: (typeof ways)[number]["value"]) =>
    onChange(next === "before" ? undefined : next === "force" ? next : others[0]?.release);
  return (
    <div className="stack tight">
      <div className="compare">
        <span className="small muted">Compared with</span>
        <Segments label="Compared with" value={way} options={ways} onChange={choose} />
        {way === "chosen" && (
          <Select
            aria-label="Release to compare with"
            value={against ?? ""}
            options={options}
            onChange={(value) => onChange(value)}
          />
        )}
      </div>
      {way === "before" && !former ? (
        <First hash={hash} />
      ) : (
        <Between hash={hash} since={way === "before" ? former?.release : way === "force" ? undefined : against} />
      )}
    </div>
  );
}

function Between({ hash, since }: { hash: string; since: string | undefined }) {
  const { api } = useApp();
  const diff = useQuery(diffQuery(api, hash, since));
  if (diff.error) return <LoadProblem error={diff.error} retry={() => void diff.refetch()} />;
  if (!diff.data) return <Skeleton width={90} height={140} />;
  return <Diff changes={diff.data.changes} none="The two hold the same." />;
}

/** The first publication: there was nothing before it. */
function First({ hash }: { hash: string }) {
  const { api } = useApp();
  const content = useQuery(contentQuery(api, hash));
  if (content.error) return <LoadProblem error={content.error} retry={() => void content.refetch()} />;
  if (!content.data) return <Skeleton width={90} height={140} />;
  return <Diff changes={asAdded(content.data)} none="It holds nothing." />;
}
