import { useState } from "react";
import type { GeneratedKey } from "@/api/settings";
import { Code } from "@/ui/Copy";
import { OneTime, Secret } from "@/ui/OneTime";
import { ExportDocument } from "./ExportDocument";
import { ImportDocument } from "./ImportDocument";

const commands = `gateway config export > gateway.yaml
gateway config plan gateway.yaml
gateway config apply gateway.yaml`;

/** The whole configuration as one document: taken out, and put in with a plan before. */
export function Configuration() {
  const [keys, setKeys] = useState<GeneratedKey[]>([]);
  return (
    <div className="stack">
      <ExportDocument />
      <ImportDocument onKeys={setKeys} />
      <section className="card" aria-label="On the command line">
        <header>
          <h2>On the command line</h2>
        </header>
        <div className="card-body stack">
          <p className="small muted">
            The same three steps, for a repository and its pipeline. The address and the credentials come from the
            environment; <code>gateway config --help</code> names them.
          </p>
          <Code text={commands} label="Copy the commands" />
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
