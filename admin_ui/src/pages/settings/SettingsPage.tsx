import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useAllowed } from "@/frame/access";
import { settingsSearch } from "@/format/settings-search";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { Configuration } from "./Configuration";
import { Dashboard } from "./Dashboard";
import { General } from "./General";

const route = getRouteApi("/frame/settings");

/** What can be chosen here, what the deployment was made with, and all of the configuration as one document. */
export function SettingsPage() {
  const { part } = settingsSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/settings" });
  const may = useAllowed();
  const tabs = [
    { id: "general", label: "Deployment", content: <General /> },
    ...(may("configuration")
      ? [{ id: "configuration", label: "Configuration as code", content: <Configuration /> }]
      : []),
    { id: "dashboard", label: "This dashboard", content: <Dashboard /> },
  ];
  return (
    <Page
      title="Settings"
      purpose="When edits come into force, what this deployment was made with, and the whole configuration as one document."
    >
      <Tabs
        label="Settings"
        value={tabs.some(({ id }) => id === part) ? String(part) : "general"}
        onChange={(id) => void navigate({ search: settingsSearch({ part: id }) })}
        tabs={tabs}
      />
    </Page>
  );
}
