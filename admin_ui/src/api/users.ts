// Users of the dashboard, invitations, and one's own account.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import { ApiError } from "./errors";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type DashboardUser = Schemas["UserRow"];
export type Role = DashboardUser["role"];
export type Source = DashboardUser["source"];
export type Invitation = Schemas["InvitationOut"];
export type CreatedInvitation = Schemas["InvitationCreated"];
export type RegistrationMode = Schemas["RegistrationOut"]["mode"];
type Asked = NonNullable<paths["/api/admin/users"]["get"]["parameters"]["query"]>;
export type UserFilter = Pick<Asked, "q" | "role" | "active" | "source">;

export const roles: readonly { value: Role; label: string; hint: string }[] = [
  { value: "user", label: "User", hint: "Sees what was used in their own name." },
  { value: "operator", label: "Operator", hint: "Runs providers, models and routes; hands out no credentials." },
  { value: "admin", label: "Administrator", hint: "Everything, users and keys included." },
];

export const sources: Record<Source, string> = {
  deployment: "deployment",
  local: "here",
  external: "identity provider",
};

export const usersQuery = (api: Api, filter: UserFilter) =>
  infiniteQueryOptions({
    queryKey: ["users", "list", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      data(api.GET("/api/admin/users", { params: { query: { ...filter, limit: 50, cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** One of them; null when there is none of that id. */
export const userQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["users", "one", id],
    queryFn: ({ signal }) =>
      data<DashboardUser>(api.GET("/api/admin/users/{id}", { params: { path: { id } }, signal })).catch(
        (problem: unknown) => {
          if (problem instanceof ApiError && problem.status === 404) return null;
          throw problem;
        },
      ),
    retry: false,
  });

export const createUser = (api: Api, body: Schemas["UserIn"]) => data(api.POST("/api/admin/users", { body }));

export const updateUser = (api: Api, id: string, body: Schemas["UserPatch"], version?: number) =>
  data(
    api.PATCH("/api/admin/users/{id}", {
      params: { path: { id }, header: version === undefined ? {} : { "if-match": `"${version}"` } },
      body,
    }),
  );

export const deleteUser = (api: Api, id: string) => api.DELETE("/api/admin/users/{id}", { params: { path: { id } } });

export const endSessions = (api: Api, id: string) =>
  api.POST("/api/admin/users/{id}/logout", { params: { path: { id } } });

export const invitationsQuery = (api: Api) =>
  infiniteQueryOptions({
    queryKey: ["invitations"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      data(api.GET("/api/admin/invitations", { params: { query: { limit: 50, cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const createInvitation = (api: Api, body: Schemas["InvitationIn"]) =>
  data(api.POST("/api/admin/invitations", { body }));

export const revokeInvitation = (api: Api, id: string) =>
  api.DELETE("/api/admin/invitations/{id}", { params: { path: { id } } });

/** Whether anybody, whoever is invited, or nobody may register here. */
export const registrationQuery = (api: Api) =>
  queryOptions({
    queryKey: ["registration"],
    queryFn: async ({ signal }) => (await data(api.GET("/api/auth/registration", { signal }))).mode,
    staleTime: 300_000,
  });

export const register = (api: Api, body: Schemas["RegisterIn"]) => data(api.POST("/api/auth/register", { body }));

export const changePassword = (api: Api, body: Schemas["PasswordIn"]) => data(api.POST("/api/auth/password", { body }));

/** The address that makes whoever opens it a user. What stands behind the # is sent to no server. */
export const invitationLink = (origin: string, token: string) => `${origin}/register#${token}`;
