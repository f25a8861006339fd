import { useQuery } from "@tanstack/react-query";
import { modelsQuery, routesQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import type { Suggestion } from "@/ui/Combobox";

/** Every name that a chat may be asked for: models, routes, and the routes that every deployment has. */
export function useCallables(): { names: Suggestion[]; first: string | undefined; known: boolean } {
  const { api } = useApp();
  const models = useQuery({ ...modelsQuery(api), staleTime: 60_000 });
  const routes = useQuery({ ...routesQuery(api), staleTime: 60_000 });
  const chats = (models.data ?? []).filter(({ active, kind }) => active && kind === "chat");
  const names = [
    ...chats.map(({ id, provider }) => ({ value: id, note: provider })),
    ...(routes.data ?? [])
      .filter(({ active }) => active)
      .map(({ id, built_in }) => ({ value: id, note: built_in ? "built-in route" : "route" })),
  ];
  const described = chats.find(({ price }) => price !== null) ?? chats[0];
  return { names, first: described?.id, known: models.isSuccess && routes.isSuccess };
}
