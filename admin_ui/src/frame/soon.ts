import { useQuery } from "@tanstack/react-query";
import { releaseQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { useAllowed } from "./access";

/** When an edit of providers, models or routes holds for requests; in draft mode that is not "within seconds". */
export function useSoon(): string {
  const { api } = useApp();
  const may = useAllowed();
  const { data } = useQuery({ ...releaseQuery(api), enabled: may("release") });
  return data?.publishing === "draft" ? "once it is published" : "within seconds";
}
