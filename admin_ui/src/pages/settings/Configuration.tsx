import { useState } from "react";
import type { GeneratedKey } from "@/api/settings";
import { useApp } from "@/app-context";
import { Code } from "@/ui/Copy";
import { OneTime, Secret } from "@/ui/OneTime";
import { ExportDocument } from "./ExportDocument";
import { ImportDocument } from "./ImportDocument";

const commands = (
  address: string,
) => `export GATEWAY_URL=${address} GATEWAY_USER=…   # the password is asked for, or GATEWAY_PASSWORD
gateway config export -o gateway.yaml
gateway config plan gateway.yaml
gateway config apply gateway.yaml`;

/** The whole configuration as one document: taken out, and put in with a plan before. */
export function Configuration() {
  const { config } = useApp();
  const [keys, setKeys] = useState<GeneratedKey[]>([]);
  return (
    <div className="stack setting-part">
      <ExportDocument />
      <ImportDocument onKeys={setKeys} />
      <section className="card" aria-label="On the command line">
        <header>
          <h2>On the command line</h2>
        </header>
        <div className="card-body stack">
          <p className="small muted">
            The same steps, for a repository and its pipeline. Values of variables that the document names are read from
            the environment of the command. Where it is not installed: <code>python -m gateway.command</code>.
          </p>
          <Code text={commands(config.apiBase || location.origin)} label="Copy the commands" />
        </div>
      </section>
      {keys.length > 0 && (
        <OneTime
          title={keys.length === 1 ? "Store this key now" : `Store these ${keys.length} keys now`}
          description="Only their hashes are kept: nobody can show them again."
          onClose={() => setKeys([])}
        >
          {keys.map(({ name, key }) => (
            <section key={name} className="section" aria-label={`Key of ${name}`}>
              <h3>{name}</h3>
              <Secret text={key} label="Copy key" />
            </section>
          ))}
        </OneTime>
      )}
    </div>
  );
}
