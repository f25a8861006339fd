// One's own dialogs: what they are, what was said in them, and the tokens that pay for it.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AuthorizedFetch } from "./authorized";
import { data, type Api } from "./client";
import { ApiError, apiError } from "./errors";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type Dialog = Schemas["DialogOut"];
export type DialogBody = Schemas["DialogIn"];
export type DialogPatch = Schemas["DialogPatch"];
export type AgentConfig = Dialog["agent_config"];
export type OwnTokens = Schemas["OwnTokensOut"];
export type ChatModel = Schemas["DialogModelOut"];
export type ChatAgent = Schemas["AgentTypeOut"];
export type Exported = Schemas["ExportOut"];
type Import = paths["/api/v1/export/import"]["post"];
export type Imported = Import["responses"]["200"]["content"]["application/json"];

/** One message, as the data plane gives it. `error`: of a question, why it has no answer; of an answer, why it is not whole. */
export interface Message {
  id: string;
  dialog_id: string;
  role: "system" | "user" | "assistant" | "tool";
  content: string;
  prompt_tokens: number;
  completion_tokens: number;
  created_at: string;
  error: { code: string; message: string } | null;
  model: string | null;
}

const pageSize = 50;

/** One's own dialogs whose title holds `q`, the last active first. */
export const dialogsQuery = (api: Api, q: string) =>
  infiniteQueryOptions({
    queryKey: ["dialogs", "list", q],
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/api/v1/dialogs", {
          params: { query: { page: pageParam, page_size: pageSize, sort: "updated", q: q || undefined } },
          signal,
        }),
      ),
    getNextPageParam: (page) => (page.has_next ? page.page + 1 : undefined),
    placeholderData: keepPreviousData,
  });

/** One of them; null when there is none of that id, or none of one's own. */
export const dialogQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["dialogs", "one", id],
    queryFn: ({ signal }) =>
      data<Dialog>(api.GET("/api/v1/dialogs/{id}", { params: { path: { id } }, signal })).catch((problem: unknown) => {
        if (problem instanceof ApiError && problem.status === 404) return null;
        throw problem;
      }),
    retry: false,
  });

export const createDialog = (api: Api, body: DialogBody) => data<Dialog>(api.POST("/api/v1/dialogs", { body }));

export const updateDialog = (api: Api, id: string, body: DialogPatch) =>
  data<Dialog>(api.PATCH("/api/v1/dialogs/{id}", { params: { path: { id } }, body }));

/** `keepalive`: also while the page is being left. */
export const deleteDialog = (api: Api, id: string, keepalive = false) =>
  api.DELETE("/api/v1/dialogs/{id}", { params: { path: { id } }, keepalive });

/** Where messages are sent and read: the data plane, on this page's own host. */
export const messagesPath = (dialog: string) => `/api/v1/dialogs/${encodeURIComponent(dialog)}/messages`;

/** What is at work on a question. */
export const runPath = (dialog: string, question: string) =>
  `${messagesPath(dialog)}/${encodeURIComponent(question)}/run`;

const window = 100;

/** The messages of a dialog that has `count` of them, from the newest hundred on; earlier ones are the previous pages. */
export const messagesQuery = (fetch: AuthorizedFetch, dialog: string, count: number) =>
  infiniteQueryOptions({
    queryKey: ["dialogs", "messages", dialog],
    initialPageParam: { skip: Math.max(0, count - window), limit: window },
    queryFn: async ({ pageParam: { skip, limit }, signal }) => {
      const reply = await fetch(`${messagesPath(dialog)}?skip=${skip}&limit=${limit}`, { signal });
      const body: unknown = await reply.json().catch(() => null);
      if (!reply.ok) throw apiError(reply.status, body);
      return listed(body);
    },
    getNextPageParam: (page, _pages, { skip, limit }) =>
      page.length === limit ? { skip: skip + limit, limit: window } : undefined,
    getPreviousPageParam: (_page, _pages, { skip }) =>
      skip > 0 ? { skip: Math.max(0, skip - window), limit: Math.min(window, skip) } : undefined,
  });

/** The oldest messages of a dialog. */
export async function firstMessages(fetch: AuthorizedFetch, dialog: string): Promise<Message[]> {
  const reply = await fetch(`${messagesPath(dialog)}?skip=0&limit=20`);
  const body: unknown = await reply.json().catch(() => null);
  if (!reply.ok) throw apiError(reply.status, body);
  return listed(body);
}

/** The list of messages, bare or with its count around it. */
const listed = (body: unknown) =>
  (Array.isArray(body) ? body : ((body as { items?: unknown } | null)?.items ?? [])) as Message[];

export const chatModelsQuery = (api: Api) =>
  queryOptions({
    queryKey: ["dialogs", "models"],
    queryFn: ({ signal }) => data(api.GET("/api/v1/models", { signal })),
    staleTime: 60_000,
  });

/** The agents there are, presets first. */
export const chatAgentsQuery = (api: Api) =>
  queryOptions({
    queryKey: ["dialogs", "agents"],
    queryFn: ({ signal }) => data(api.GET("/api/v1/agents", { signal })),
    staleTime: 60_000,
  });

/** What is left to spend; read again now and then, because somebody may add to it, and soon while an answer is not paid for yet. */
export const tokensQuery = (api: Api) =>
  queryOptions({
    queryKey: ["dialogs", "tokens"],
    queryFn: ({ signal }) => data(api.GET("/api/v1/users/me/tokens", { signal })),
    refetchInterval: ({ state }) => (state.data && state.data.held > 0 ? 1500 : 30_000),
  });

/** All of one's own dialogs, part after part. */
export async function exportDialogs(api: Api, signal?: AbortSignal): Promise<Exported> {
  let whole: Exported | undefined;
  let cursor: string | undefined;
  do {
    const part = await data<Exported>(api.GET("/api/v1/export", { params: { query: { cursor } }, signal }));
    whole = whole ? joined(whole, part) : part;
    cursor = part.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return { ...whole, next_cursor: null };
}

const joined = (before: Exported, part: Exported): Exported => ({
  ...before,
  dialog_count: before.dialog_count + part.dialog_count,
  message_count: before.message_count + part.message_count,
  dialogs: [...before.dialogs, ...part.dialogs],
  errors: [...before.errors, ...part.errors],
});

export const importDialogs = (api: Api, body: Import["requestBody"]["content"]["application/json"]) =>
  data<Imported>(api.POST("/api/v1/export/import", { body }));
