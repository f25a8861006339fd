const tabs = ["configuration", "dashboard"] as const;

/** Which part of the settings is open; absent = the first. */
export interface SettingsSearch {
  part?: (typeof tabs)[number];
}

export const settingsSearch = ({ part }: Record<string, unknown>): SettingsSearch => {
  const found = tabs.find((tab) => tab === part);
  return found ? { part: found } : {};
};
