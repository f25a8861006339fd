import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, LoaderCircle } from "lucide-react";
import { useState, type ReactNode } from "react";
import { keysQuery, kindsQuery, modelsQuery, providersQuery } from "@/api/queries";
import type { CreatedKey, LogItem } from "@/api/types";
import { useApp } from "@/app-context";
import { clientUrl } from "@/config";
import { duration } from "@/format/numbers";
import { modelsByDialect, snippets } from "@/format/snippets";
import { useAllowed } from "@/frame/access";
import { Reveal } from "@/pages/keys/Reveal";
import { ModelPicker } from "@/pages/providers/ModelPicker";
import { Button, buttonClass } from "@/ui/Button";
import { Code } from "@/ui/Copy";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Page";
import { Connect } from "./Connect";
import { FirstKey } from "./FirstKey";

interface Props {
  /** The first request that worked; until then, the last that did not. */
  first: LogItem | undefined;
  onDone: () => void;
}

/** Before the first request: the four steps to it, each done right here and ticked off when it is. */
export function FirstRun({ first, onDone }: Props) {
  const { api, config } = useApp();
  const may = useAllowed();
  const providers = useQuery(providersQuery(api)).data;
  const models = useQuery(modelsQuery(api)).data;
  const keys = useQuery({ ...keysQuery(api), enabled: may("keys") }).data;
  const kinds = useQuery(kindsQuery(api)).data;
  const [connected, setConnected] = useState<string | null>(null);
  const [shown, setShown] = useState<CreatedKey | null>(null);
  // Kept for the command below, as long as this page is open; nowhere else.
  const [secret, setSecret] = useState<string | null>(null);
  if (!providers || !models || !kinds || (may("keys") && !keys)) {
    return (
      <section className="card card-body" aria-busy>
        <Skeleton width={60} height={320} />
      </section>
    );
  }
  const usable = modelsByDialect(models, providers, kinds);
  const curl = snippets(clientUrl(config), secret ?? "$GATEWAY_KEY", usable)[0];
  const works = first !== undefined && first.status < 400;
  const done = [providers.length > 0, models.length > 0, (keys?.length ?? 0) > 0, works];
  const step = done.indexOf(false);
  const provider = connected ?? providers[0]?.id;
  return (
    <section className="card" aria-label="First steps">
      <header>
        <div>
          <h2>Your first request</h2>
          <p className="muted small">
            {works ? "It works." : "Nothing has come through this gateway yet. Four steps, about two minutes."}
          </p>
        </div>
        {first && <Button onClick={onDone}>Close the guide</Button>}
      </header>
      <ol className="steps">
        <Step
          number={1}
          done={providers.length > 0}
          title="Connect a provider"
          text="An account at OpenAI, Anthropic, your own vLLM … Its key is encrypted and never shown again."
        >
          {step === 0 &&
            (may("providers", "POST") && may("upstream-keys", "POST") ? (
              <Connect kinds={kinds} taken={[]} onConnected={setConnected} />
            ) : (
              <Note>An administrator stores the keys of providers. Ask one to begin.</Note>
            ))}
        </Step>
        <Step
          number={2}
          done={models.length > 0}
          title="Offer a model"
          text="What your clients may name. Prices and sizes come from the catalog."
        >
          {step === 1 && provider && (
            <>
              <ModelPicker key={provider} provider={provider} atOnce />
              <p className="muted small">
                Not in the list?{" "}
                <Link to="/models" search={{ create: true }}>
                  Add a model by hand
                </Link>
              </p>
            </>
          )}
        </Step>
        <Step
          number={3}
          done={done[2] ?? false}
          title="Create a key"
          text="What a person, an app or an agent signs in to the gateway with. You see it once."
        >
          {step === 2 &&
            (may("keys", "POST") ? (
              <FirstKey onCreated={setShown} />
            ) : (
              <Note>An administrator creates keys. Ask one for yours.</Note>
            ))}
          {step === 3 && !secret && may("keys", "POST") && (
            <Link to="/keys" search={{ create: true }} className={buttonClass({})}>
              Create another key
            </Link>
          )}
        </Step>
        <Step
          number={4}
          done={works}
          title="Send a request"
          text={
            works || !curl
              ? "Once there is a model, a ready curl for it appears here."
              : secret
                ? "Copy this into a terminal. Your key is in it."
                : "Put your key into GATEWAY_KEY (export GATEWAY_KEY=sk-gw-…) and run this."
          }
          hideText={works}
        >
          {step === 3 && curl && <Code wrap text={curl.text} label="Copy the curl command" />}
          {step === 3 && (
            <p className="first-waiting small" role="status">
              <LoaderCircle className="icon spin" aria-hidden /> Waiting for the first request…
            </p>
          )}
          {first && <Arrived row={first} />}
        </Step>
      </ol>
      {shown && (
        <Reveal
          created={shown}
          onClose={() => {
            setSecret(shown.secret);
            setShown(null);
          }}
        />
      )}
    </section>
  );
}

function Arrived({ row }: { row: LogItem }) {
  return (
    <Note tone={row.status < 400 ? "ok" : "warn"}>
      <strong>{row.status < 400 ? "Your first request has arrived." : "A request has arrived, and failed."}</strong>{" "}
      {row.requested_model}, status {row.status}, {duration(row.total_ms)}.{" "}
      <Link to="/logs/$id" params={{ id: row.id }}>
        Look at it
      </Link>
    </Note>
  );
}

interface StepProps {
  number: number;
  done: boolean;
  title: string;
  text: string;
  hideText?: boolean;
  children: ReactNode;
}

function Step({ number, done, title, text, hideText, children }: StepProps) {
  return (
    <li className={done ? "done" : ""}>
      <span className="mark">{done ? <Check className="icon" role="img" aria-label="Done" /> : number}</span>
      <div className="body">
        <h3>{title}</h3>
        {!hideText && <p className="muted">{text}</p>}
        {children}
      </div>
    </li>
  );
}
