import { useQuery } from "@tanstack/react-query";
import { data, type Api } from "@/api/client";
import { useApp, useSession } from "@/app-context";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";
export type May = (noun: string, method?: Method) => boolean;
type Access = Record<string, readonly string[]>;

export const meQuery = (api: Api) => ({
  queryKey: ["me"],
  queryFn: ({ signal }: { signal: AbortSignal }) => data(api.GET("/api/auth/me", { signal })),
  staleTime: 60_000,
});

/** What the role allows. What nobody has heard of is not allowed: the API would refuse it as well. */
export const mayOf =
  (access: Access): May =>
  (noun, method = "GET") =>
    access[noun]?.includes(method) ?? false;

const all: May = () => true;

/**
 * What the signed-in user's role may do, so that pages do not offer the rest; undefined until it is known. The sign-in said it, and it is
 * asked for again now and then, because a role can change. When it cannot be read everything is offered: the API has the last word.
 */
export function useMay(): May | undefined {
  const { api } = useApp();
  const user = useSession()?.user;
  const me = useQuery({ ...meQuery(api), enabled: user !== undefined });
  const access: Access | undefined = me.data?.access ?? user?.access;
  if (access) return mayOf(access);
  return me.error ? all : undefined;
}

const nothing: May = () => false;

/** The same where a page is already open: nothing is offered before it is known. */
export const useAllowed = (): May => useMay() ?? nothing;
