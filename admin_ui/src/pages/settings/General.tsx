import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "@/api/settings";
import { useApp } from "@/app-context";
import { clientUrl } from "@/config";
import { CopyIcon } from "@/ui/Copy";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { DefaultCache } from "./DefaultCache";
import { factGroups, type Fact } from "./facts";
import { PublishingMode } from "./PublishingMode";

/** How edits are published, and the facts of the deployment. */
export function General() {
  const { api, config } = useApp();
  const settings = useQuery(settingsQuery(api));
  if (settings.error) return <LoadProblem error={settings.error} retry={() => void settings.refetch()} />;
  if (!settings.data) return <Skeleton width={90} height={320} />;
  const [deployment, ...groups] = factGroups(settings.data.deployment);
  const address: Fact = {
    name: "Base address for clients",
    value: clientUrl(config),
    note: "SDKs add /v1 themselves or are given it",
    copy: true,
  };
  return (
    <div className="stack setting-part">
      <PublishingMode settings={settings.data} />
      <DefaultCache settings={settings.data} />
      <section className="card" aria-label="Facts of the deployment">
        <header>
          <h2>Facts of the deployment</h2>
        </header>
        <div className="card-body stack">
          <p className="small muted">
            They are set when the stack is deployed and cannot be changed here. To change one, set the parameter beside
            it in <code>samconfig.toml</code> (<code>parameter_overrides</code>) and deploy again.
          </p>
          <div className="fact-groups">
            {deployment && <Group title={deployment.title} facts={[...deployment.facts, address]} />}
            {groups.map((group) => (
              <Group key={group.title} {...group} />
            ))}
          </div>
        </div>
      </section>
    </div>
  );
}

function Group({ title, facts }: { title: string; facts: Fact[] }) {
  return (
    <section className="section" aria-label={title}>
      <h3>{title}</h3>
      <dl className="fact-list">
        {facts.map((fact) => (
          <div key={fact.name}>
            <dt>
              {fact.name}
              {fact.note && <span className="muted small">{fact.note}</span>}
            </dt>
            <dd>
              <span className="row">
                <span className="num breakable">{fact.value}</span>
                {fact.copy && <CopyIcon text={fact.value} label={`Copy ${fact.name}`} />}
              </span>
              {fact.parameter && (
                <span className="row muted small">
                  <code>{fact.parameter}</code>
                  <CopyIcon text={fact.parameter} label={`Copy the parameter ${fact.parameter}`} />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
