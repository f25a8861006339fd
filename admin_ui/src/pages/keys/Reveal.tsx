import { useQuery } from "@tanstack/react-query";
import { kindsQuery, modelsQuery, providersQuery } from "@/api/queries";
import type { CreatedKey } from "@/api/types";
import { useApp } from "@/app-context";
import { clientUrl } from "@/config";
import { modelsByDialect, snippets } from "@/format/snippets";
import { Code } from "@/ui/Copy";
import { Note } from "@/ui/Note";
import { OneTime, Secret } from "@/ui/OneTime";
import { Tabs } from "@/ui/Tabs";

/** Shows a new key once, and how it is used. */
export function Reveal({ created, onClose }: { created: CreatedKey; onClose: () => void }) {
  const { api, config } = useApp();
  const models = useQuery(modelsQuery(api)).data ?? [];
  const providers = useQuery(providersQuery(api)).data ?? [];
  const kinds = useQuery(kindsQuery(api)).data ?? [];
  const usable = modelsByDialect(models, providers, kinds, created.allowed_models);
  const list = snippets(clientUrl(config), created.secret, usable);
  return (
    <OneTime
      title="Store this key now"
      description={`The key of ${created.name}. Only its hash is kept: nobody can show it again.`}
      onClose={onClose}
    >
      <Secret text={created.secret} label="Copy key" />
      {list.length > 0 ? (
        <section className="section" aria-label="Try it">
          <h3>Try it</h3>
          <Tabs
            label="Ways to call"
            tabs={list.map((snippet) => ({
              id: snippet.id,
              label: snippet.label,
              content: <Code wrap text={snippet.text} label={`Copy ${snippet.label}`} />,
            }))}
          />
        </section>
      ) : (
        <Note>
          There is no model this key can use yet. Add one, then this key works with every OpenAI and Anthropic SDK at{" "}
          {clientUrl(config)}.
        </Note>
      )}
    </OneTime>
  );
}
