import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { publicationQuery, type Placed } from "@/api/releases";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { isHash, releaseSearch, shortHash, type ReleaseSearch } from "@/format/release-search";
import { exact } from "@/format/times";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/Copy";
import { Dialog } from "@/ui/Dialog";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { Compare } from "./Compare";
import { Content } from "./Content";
import { RollBack } from "./RollBack";
import { byWord, causeWord, countsText } from "./words";

const route = getRouteApi("/frame/releases/$hash");

/** One release: what it changed, what it holds, and the way back to it. */
export function ReleaseDrawer() {
  const { api } = useApp();
  const { hash } = route.useParams();
  const search = releaseSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/releases/$hash" });
  const may = useAllowed();
  const [asking, setAsking] = useState(false);
  const placed = useQuery({ ...publicationQuery(api, hash, search.number), enabled: isHash(hash) });
  const close = () => void navigate({ to: "/releases", search: {} });
  const own = placed.data?.own;
  const change = (part: ReleaseSearch) =>
    void navigate({ to: "/releases/$hash", search: (old) => releaseSearch({ ...old, ...part }), replace: true });
  return (
    <Dialog
      open
      onClose={close}
      shape="drawer broad"
      title={own ? `Release #${own.number}` : `Release ${shortHash(hash)}`}
      description={own ? `${exact(own.at)} · ${byWord(own)} · ${causeWord(own.cause)}` : undefined}
      footer={
        <>
          <CopyButton text={hash} label="Copy hash" />
          {own && !own.in_force && may("rollback", "POST") && (
            <Button tone="danger" icon={Undo2} onClick={() => setAsking(true)}>
              Roll back to this…
            </Button>
          )}
        </>
      }
    >
      <div className="panel-body">
        {placed.error && <LoadProblem error={placed.error} retry={() => void placed.refetch()} />}
        {placed.isLoading && <Skeleton width={90} height={160} />}
        {(!isHash(hash) || (placed.data && !own)) && <p>There is no such release. Its hash has 64 digits.</p>}
        {placed.data && own && (
          <>
            <Headline placed={placed.data} hash={hash} />
            <Tabs
              label="What is shown"
              value={search.show ?? "diff"}
              onChange={(tab) => change({ show: tab === "content" ? tab : undefined })}
              tabs={[
                {
                  id: "diff",
                  label: "Changes",
                  content: (
                    <Compare
                      placed={placed.data}
                      hash={hash}
                      against={search.against}
                      onChange={(against) => change({ against })}
                    />
                  ),
                },
                { id: "content", label: "Content", content: <Content hash={hash} /> },
              ]}
            />
          </>
        )}
      </div>
      {asking && (
        <RollBack
          release={hash}
          number={own?.number}
          onClose={() => setAsking(false)}
          onDone={() => {
            setAsking(false);
            close();
          }}
        />
      )}
    </Dialog>
  );
}

function Headline({ placed: { own, former }, hash }: { placed: Placed; hash: string }) {
  if (!own) return null;
  return (
    <dl className="headline">
      <div>
        <dt>State</dt>
        <dd>{own.in_force ? <Badge state="ok">in force</Badge> : <Badge state="idle">earlier</Badge>}</dd>
      </div>
      <div>
        <dt>Before it</dt>
        <dd>{former ? `#${former.number}` : "nothing"}</dd>
      </div>
      <div>
        <dt>Holds</dt>
        <dd>{countsText(own)}</dd>
      </div>
      <div>
        <dt>Hash</dt>
        <dd className="mono" title={hash}>
          {shortHash(hash)}…
        </dd>
      </div>
    </dl>
  );
}
