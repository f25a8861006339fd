import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { kindsQuery, modelsQuery, providersQuery } from "@/api/queries";
import type { CreatedKey } from "@/api/types";
import { useApp } from "@/app-context";
import { clientUrl } from "@/config";
import { modelsByDialect, snippets } from "@/format/snippets";
import { Button } from "@/ui/Button";
import { Code, CopyButton } from "@/ui/Copy";
import { Dialog } from "@/ui/Dialog";
import { Check } from "@/ui/Field";
import { Note } from "@/ui/Note";
import { Tabs } from "@/ui/Tabs";

/** Shows a new key once. Neither Escape nor a click beside it closes this: only saying that it is stored does. */
export function Reveal({ created, onClose }: { created: CreatedKey; onClose: () => void }) {
  const { api, config } = useApp();
  const models = useQuery(modelsQuery(api)).data ?? [];
  const providers = useQuery(providersQuery(api)).data ?? [];
  const kinds = useQuery(kindsQuery(api)).data ?? [];
  const [stored, setStored] = useState(false);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);
  const usable = modelsByDialect(models, providers, kinds, created.allowed_models);
  const list = snippets(clientUrl(config), created.secret, usable);
  return (
    <Dialog
      open
      shape="dialog broad"
      title="Store this key now"
      description={`The key of ${created.name}. Only its hash is kept: nobody can show it again.`}
      footer={
        <>
          <span className="left">
            <Check checked={stored} onChange={setStored} label="I have stored it" />
          </span>
          <Button tone="primary" disabled={!stored} onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className="panel-body">
        <div className="secret">
          <code>{created.secret}</code>
          <CopyButton text={created.secret} label="Copy key" />
        </div>
        {list.length > 0 ? (
          <section className="section" aria-label="Try it">
            <h3>Try it</h3>
            <Tabs
              label="Ways to call"
              tabs={list.map((snippet) => ({
                id: snippet.id,
                label: snippet.label,
                content: <Code text={snippet.text} label={`Copy ${snippet.label}`} />,
              }))}
            />
          </section>
        ) : (
          <Note>
            There is no model this key can use yet. Add one, then this key works with every OpenAI and Anthropic SDK at{" "}
            {clientUrl(config)}.
          </Note>
        )}
      </div>
    </Dialog>
  );
}
