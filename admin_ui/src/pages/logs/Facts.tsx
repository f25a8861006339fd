import { Link, useNavigate } from "@tanstack/react-router";
import { ListFilter } from "lucide-react";
import type { ReactNode } from "react";
import type { LogDetail } from "@/api/types";
import { dialectAt, dialectNames } from "@/conversation/model";
import { cacheWord } from "@/format/cache-words";
import type { LogSearch } from "@/format/log-search";
import { nanoOf } from "@/format/numbers";
import { exact } from "@/format/times";
import { IconButton } from "@/ui/Button";
import { CopyIcon } from "@/ui/Copy";
import { Note } from "@/ui/Note";
import { Money } from "@/ui/Value";

/** Everything else that is known of a request, as name and value; what is absent is left out. */
export function Facts({ row }: { row: LogDetail }) {
  const facts: [string, ReactNode][] = [
    ["Request id", <Id key="id" text={row.id} />],
    ["Correlation id", row.correlation_id && <Id text={row.correlation_id} />],
    ["Upstream’s id", row.upstream_request_id && <Id text={row.upstream_request_id} />],
    ["Key", row.key_id && <KeyLink row={row} id={row.key_id} />],
    [
      "User",
      row.user_id && (
        <Narrow what="user" search={{ user_id: row.user_id }} text={<User row={row} id={row.user_id} />} />
      ),
    ],
    ["Team", row.team_id && <Narrow what="team" search={{ team_id: row.team_id }} text={row.team_id} />],
    ["Session", row.session && <Narrow what="session" search={{ session: row.session }} text={row.session} mono />],
    ["Agent", row.agent],
    ["Client", row.client],
    ["Address", row.ip],
    ["Protocol", `${protocol(row)}${row.stream ? ", streamed" : ""}`],
    ["Requested model", row.requested_model],
    ["Used model", row.model],
    ["Upstream name", row.upstream_model],
    ["Route", row.route && <Narrow what="route" search={{ route: row.route }} text={row.route} />],
    ["Upstream key", row.upstream_key_id],
    ["Cache", row.cache !== "off" && cacheWord(row.cache).line],
    ["Saved", nanoOf(row.saved_usd) > 0 && <Money nano={nanoOf(row.saved_usd)} />],
    ["Release", row.release && <ReleaseLink hash={row.release} />],
    ["Kept until", exact(row.expires_at)],
  ];
  return (
    <section className="section" aria-label="Facts">
      <h3>Facts</h3>
      <dl className="facts">
        {facts
          .filter(([, value]) => Boolean(value))
          .map(([name, value]) => (
            <div className="fact" key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

const Id = ({ text }: { text: string }) => (
  <span className="row">
    <span className="mono">{text}</span>
    <CopyIcon text={text} label="Copy" />
  </span>
);

/** A user of this deployment by name; an end user is called as clients do. */
const User = ({ row, id }: { row: LogDetail; id: string }) =>
  row.user_name ? (
    <>
      {row.user_name} <span className="mono muted">{id}</span>
    </>
  ) : (
    id
  );

/** The API the client spoke; of what is no conversation, whose it is. */
function protocol({ path, dialect }: LogDetail): string {
  const known = dialectAt(path);
  return known ? dialectNames[known] : dialect;
}

/** A fact, and the way to all requests that share it. */
function Narrow({ what, search, text, mono }: { what: string; search: LogSearch; text: ReactNode; mono?: boolean }) {
  const navigate = useNavigate();
  return (
    <span className="row">
      <span className={mono ? "mono" : undefined}>{text}</span>
      <IconButton
        size="compact"
        icon={ListFilter}
        label={`Only requests of this ${what}`}
        onClick={() => void navigate({ to: "/logs", search })}
      />
    </span>
  );
}

const KeyLink = ({ row, id }: { row: LogDetail; id: string }) => (
  <Narrow
    what="key"
    search={{ key_id: id }}
    text={
      <Link to="/keys" search={{ open: id }}>
        {row.key_name ?? id}
      </Link>
    }
  />
);

const ReleaseLink = ({ hash }: { hash: string }) => (
  <Narrow
    what="release"
    search={{ release: hash }}
    mono
    text={
      <Link to="/releases/$hash" params={{ hash }}>
        {hash}
      </Link>
    }
  />
);

/** What could not be carried to the upstream. */
export function Losses({ losses }: { losses: string[] }) {
  if (losses.length === 0) return null;
  return (
    <section className="section" aria-label="Losses">
      <h3>Not carried over</h3>
      <Note>
        <ul>
          {losses.map((loss) => (
            <li key={loss} className="mono">
              {loss}
            </li>
          ))}
        </ul>
      </Note>
    </section>
  );
}

/** The request's headers as they were stored: credentials are gone before that. */
export function Headers({ headers }: { headers: Record<string, string> }) {
  const list = Object.entries(headers).sort(([a], [b]) => a.localeCompare(b));
  if (list.length === 0) return null;
  return (
    <section className="section" aria-label="Request headers">
      <h3>
        Request headers <span className="muted">credentials removed</span>
      </h3>
      <dl className="facts">
        {list.map(([name, value]) => (
          <div className="fact" key={name}>
            <dt className="mono">{name}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
