import { useQuery } from "@tanstack/react-query";
import { Download, Eye } from "lucide-react";
import { useState } from "react";
import { documentQuery, type DocumentFormat } from "@/api/settings";
import { useApp } from "@/app-context";
import { day } from "@/format/times";
import { Button } from "@/ui/Button";
import { Code, CopyButton } from "@/ui/Copy";
import { download } from "@/ui/download";
import { Segments } from "@/ui/Field";
import { LoadProblem, Skeleton } from "@/ui/Page";

const formats = [
  { value: "yaml", label: "YAML" },
  { value: "json", label: "JSON" },
] as const;
const types = { yaml: "application/yaml", json: "application/json" };

/** Everything that is configured, as a text to look at, copy or keep. */
export function ExportDocument() {
  const { api } = useApp();
  const [format, setFormat] = useState<DocumentFormat>("yaml");
  const [shown, setShown] = useState(false);
  const found = useQuery(documentQuery(api, format));
  const text = found.data;
  const save = () =>
    text !== undefined && download(new Blob([text], { type: types[format] }), `gateway-${day(Date.now())}.${format}`);
  return (
    <section className="card" aria-label="Export">
      <header>
        <h2>Export</h2>
        <div className="row wrap">
          <Segments label="Format" value={format} options={formats} onChange={setFormat} />
          <Button icon={Eye} aria-expanded={shown} onClick={() => setShown(!shown)}>
            {shown ? "Hide" : "Show"}
          </Button>
          {text !== undefined && <CopyButton text={text} label="Copy" />}
          <Button icon={Download} disabled={text === undefined} onClick={save}>
            Download
          </Button>
        </div>
      </header>
      <div className="card-body stack">
        <p className="small muted">
          Providers, models, routes, virtual keys, teams and end users as one document. No secret is in it: what is
          stored here is <code>stored: true</code>, what is elsewhere is a reference.
        </p>
        {found.error && <LoadProblem error={found.error} retry={() => void found.refetch()} />}
        {shown && !found.error && (text === undefined ? <Skeleton width={90} height={200} /> : <Code text={text} />)}
      </div>
    </section>
  );
}
