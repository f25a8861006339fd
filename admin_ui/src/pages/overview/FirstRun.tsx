import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { keysQuery, kindsQuery, modelsQuery, providersQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { clientUrl } from "@/config";
import { modelsByDialect, snippets } from "@/format/snippets";
import { buttonClass } from "@/ui/Button";
import { Code } from "@/ui/Copy";

/** Before the first request: the four steps to it, each ticked off when it is done. */
export function FirstRun() {
  const { api, config } = useApp();
  const providers = useQuery(providersQuery(api)).data ?? [];
  const models = useQuery(modelsQuery(api)).data ?? [];
  const keys = useQuery(keysQuery(api)).data ?? [];
  const kinds = useQuery(kindsQuery(api)).data ?? [];
  const usable = modelsByDialect(models, providers, kinds);
  const curl = snippets(clientUrl(config), "$GATEWAY_KEY", usable)[0];
  // Only the next step stands out.
  const next = [providers, models, keys].findIndex((list) => list.length === 0);
  const look = (step: number) => buttonClass({ tone: step === next ? "primary" : "normal" });
  return (
    <section className="card" aria-label="First steps">
      <header>
        <div>
          <h2>Your first request</h2>
          <p className="muted small">Nothing has come through this gateway yet. Four steps, about two minutes.</p>
        </div>
      </header>
      <ol className="steps">
        <Step
          number={1}
          done={providers.length > 0}
          title="Connect a provider"
          text="An account at OpenAI, Anthropic, your own vLLM … Its key is encrypted and never shown again."
        >
          <Link to="/providers" search={{ create: true }} className={look(0)}>
            {providers.length > 0 ? "Add another provider" : "Add a provider"}
          </Link>
        </Step>
        <Step
          number={2}
          done={models.length > 0}
          title="Offer a model"
          text="The name your clients send, the provider that serves it, and its price, prefilled from the catalog."
        >
          <Link to="/models" search={{ create: true }} className={look(1)}>
            {models.length > 0 ? "Add another model" : "Add a model"}
          </Link>
        </Step>
        <Step
          number={3}
          done={keys.length > 0}
          title="Create a key"
          text="What a person, an app or an agent signs in to the gateway with. You see it once."
        >
          <Link to="/keys" search={{ create: true }} className={look(2)}>
            {keys.length > 0 ? "Create another key" : "Create a key"}
          </Link>
        </Step>
        <Step
          number={4}
          done={false}
          title="Send a request"
          text={
            curl
              ? "Put your key into GATEWAY_KEY (export GATEWAY_KEY=sk-gw-…) and run this. The request appears here and in the logs within seconds."
              : "Once there is a model, a ready curl for it appears here."
          }
        >
          {curl && <Code text={curl.text} label="Copy the curl command" />}
        </Step>
      </ol>
    </section>
  );
}

function Step({
  number,
  done,
  title,
  text,
  children,
}: {
  number: number;
  done: boolean;
  title: string;
  text: string;
  children: ReactNode;
}) {
  return (
    <li className={done ? "done" : ""}>
      <span className="mark">{done ? <Check className="icon" role="img" aria-label="Done" /> : number}</span>
      <div className="body">
        <h3>{title}</h3>
        <p className="muted">{text}</p>
        {children}
      </div>
    </li>
  );
}
