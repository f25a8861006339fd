import { logFile } from "@/api/log-files";
import { useApp } from "@/app-context";
import type { LogSearch } from "@/format/log-search";
import { Export } from "@/ui/Export";

/** The list as a file, with the filters that are set. */
export function LogExport({ search }: { search: LogSearch }) {
  const { api } = useApp();
  return (
    <Export
      name="logs"
      noun={["request", "requests"]}
      read={(format, tell, signal) => logFile(api, search, format, tell, signal)}
    />
  );
}
