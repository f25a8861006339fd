import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { entryQuery, type AuditEntry } from "@/api/audit";
import { useApp } from "@/app-context";
import { actionWord, auditSearch } from "@/format/audit-search";
import { shortHash } from "@/format/release-search";
import { exact } from "@/format/times";
import { CopyButton, CopyIcon } from "@/ui/Copy";
import { Dialog } from "@/ui/Dialog";
import { Diff } from "@/ui/Diff";
import { Note } from "@/ui/Note";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { Ago } from "@/ui/Value";
import { Actor, nameOf, ofOneself, OutcomeBadge, outcomeText, Thing } from "./Words";

const route = getRouteApi("/frame/audit/$id");

/** One entry in full, under its own URL. */
export function AuditDrawer() {
  const { api } = useApp();
  const { id } = route.useParams();
  const navigate = useNavigate({ from: "/audit/$id" });
  const found = useQuery(entryQuery(api, id));
  const entry = found.data;
  const close = () => void navigate({ to: "/audit", search: (old) => auditSearch({ ...old }) });
  return (
    <Dialog
      open
      onClose={close}
      shape="drawer broad"
      title={entry ? sentence(entry) : "Audit entry"}
      description={entry ? exact(entry.time_ms) : undefined}
      footer={entry && <CopyButton text={JSON.stringify(entry, null, 2)} label="Copy as JSON" />}
    >
      <div className="panel-body">
        {found.error && <LoadProblem error={found.error} retry={() => void found.refetch()} />}
        {found.isPending && <Skeleton width={90} height={180} />}
        {entry === null && <p>There is no such entry, or its time to be kept is over.</p>}
        {entry && <Detail entry={entry} />}
      </div>
    </Dialog>
  );
}

function sentence(entry: AuditEntry): string {
  const { actor_name, actor_role, action, noun_id, noun } = entry;
  const thing = ofOneself(entry)
    ? ""
    : noun === "release"
      ? `release ${shortHash(noun_id)}`
      : (nameOf(entry) ?? noun_id);
  if (actor_role === "document") return `Document ${actor_name || noun_id} ${actionWord(action)}`;
  return `${actor_name || "Somebody"} ${actionWord(action)} ${thing}`.trim();
}

function Detail({ entry }: { entry: AuditEntry }) {
  return (
    <>
      <dl className="headline">
        <div>
          <dt>Outcome</dt>
          <dd>
            <OutcomeBadge outcome={entry.outcome} />
          </dd>
        </div>
        <div>
          <dt>When</dt>
          <dd>
            <Ago ms={entry.time_ms} />
          </dd>
        </div>
        <div>
          <dt>Who</dt>
          <dd>
            <Actor entry={entry} />
          </dd>
        </div>
        <div>
          <dt>From</dt>
          <dd className="mono">{entry.address || "–"}</dd>
        </div>
      </dl>
      {entry.outcome !== "done" && (
        <Note tone={entry.outcome === "failed" ? "error" : "warn"}>{outcomeText[entry.outcome]}</Note>
      )}
      <section className="section" aria-label="Changes">
        <h3>Before and after</h3>
        {entry.cut && <Note tone="warn">The values were too large to keep: only what was changed is listed.</Note>}
        <Diff changes={entry.changes} none="No value of the configuration was changed." />
      </section>
      <Facts entry={entry} />
    </>
  );
}

function Facts({ entry }: { entry: AuditEntry }) {
  const facts: [string, ReactNode][] = [
    [
      "Asked for",
      entry.noun_id ? <Thing key="thing" noun={entry.noun} id={entry.noun_id} name={nameOf(entry)} /> : null,
    ],
    ["Release before", entry.release_before && <ReleaseLink hash={entry.release_before} />],
    ["Release after", entry.release_after && <ReleaseLink hash={entry.release_after} />],
    ["Status", entry.status],
    ["User id", entry.actor_id && <Id text={entry.actor_id} />],
    ["Request id", entry.request_id && <Id text={entry.request_id} />],
    ["Entry id", <Id key="id" text={entry.id} />],
    ["Said to come from", entry.forwarded_for && <span className="mono">{entry.forwarded_for}</span>],
    ["User agent", entry.user_agent],
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

const ReleaseLink = ({ hash }: { hash: string }) => (
  <Link to="/releases/$hash" params={{ hash }} className="mono">
    {shortHash(hash)}
  </Link>
);

const Id = ({ text }: { text: string }) => (
  <span className="row">
    <span className="mono">{text}</span>
    <CopyIcon text={text} label="Copy" />
  </span>
);
