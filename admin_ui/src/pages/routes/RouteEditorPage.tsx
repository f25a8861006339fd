import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, Trash2 } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import { staleness } from "@/api/errors";
import { routesQuery } from "@/api/queries";
import type { Route, RouteBody } from "@/api/types";
import { useApp } from "@/app-context";
import { routeSearch } from "@/format/search";
import { useSoon } from "@/frame/soon";
import { Button, buttonClass } from "@/ui/Button";
import { Segments } from "@/ui/Field";
import { Note, Problem } from "@/ui/Note";
import { LoadProblem, Page, Skeleton } from "@/ui/Page";
import { LeaveDialog, useSaving } from "@/ui/saving";
import { useToast } from "@/ui/Toasts";
import { DeleteRoute } from "./DeleteRoute";
import { DryRun } from "./DryRun";
import { blankRoute, DraftProblem, problemOf, routeBody, routeDraft, unfinished, type RouteDraft } from "./route-draft";
import { RouteFields } from "./RouteFields";

const place = getRouteApi("/frame/routes/edit");

/** One route: its form, and beside it a dry run of what the form says. */
export function RouteEditorPage() {
  const { api } = useApp();
  const search = routeSearch({ ...place.useSearch() });
  const routes = useQuery(routesQuery(api));
  const wanted = search.id ?? search.like;
  const route = routes.data?.find(({ id }) => id === wanted);
  const title = search.id ?? (search.like ? `Customise ${search.like}` : "New route");
  if (routes.error || !routes.data || (wanted !== undefined && !route)) {
    return (
      <Page title={title} purpose={<Back />}>
        {routes.error ? (
          <LoadProblem error={routes.error} retry={() => void routes.refetch()} />
        ) : routes.data ? (
          <Note>There is no route “{wanted}” (any more).</Note>
        ) : (
          <Skeleton width={60} height={180} />
        )}
      </Page>
    );
  }
  return <Editor key={`${search.id ?? ""} ${search.like ?? ""}`} route={route} title={title} />;
}

const Back = () => (
  <Link to="/routes" className="row back">
    <ArrowLeft className="icon" aria-hidden />
    All routes
  </Link>
);

/** `route` absent = a new one; a built-in one is the beginning of a new one of the same name. */
function Editor({ route, title }: { route: Route | undefined; title: string }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const soon = useSoon();
  const toast = useToast();
  const navigate = useNavigate({ from: "/routes/edit" });
  const { view = "form" } = routeSearch({ ...place.useSearch() });
  const stored = route && !route.built_in ? route : undefined;
  const [base] = useState(stored);
  const [initial] = useState(() => (route ? routeDraft(route) : blankRoute()));
  const [draft, setDraft] = useState<RouteDraft>(initial);
  const [deleting, setDeleting] = useState(false);
  const dirty = JSON.stringify(draft) !== JSON.stringify(initial);
  const { body, problem } = bodyOrProblem(draft);
  const save = async () => {
    const value = routeBody(draft);
    await store(api, value, base);
    await queries.invalidateQueries();
    toast({
      tone: "ok",
      what: `${value.id} was ${base ? "saved" : "created"}.`,
      more: `Requests follow it ${soon}.`,
    });
  };
  const leave = () => void navigate({ to: "/routes" });
  const { error, busy, form, blocker, abandon } = useSaving({
    dirty,
    onSubmit: save,
    onClose: leave,
    checksItself: true,
  });
  const seen = error instanceof DraftProblem ? unfinished(error, problemOf(draft)) : error;
  return (
    <Page title={title} purpose={<Back />}>
      {route?.built_in && (
        <Note>
          {route.id} is built in. What you save here takes its place; deleting it later brings the built-in one back.
        </Note>
      )}
      <div className="narrow-only">
        <Segments
          label="View"
          value={view}
          onChange={(next) =>
            void navigate({ search: (old) => ({ ...old, view: next === "form" ? undefined : next }), replace: true })
          }
          options={[
            { value: "form", label: "Route" },
            { value: "dry", label: "Dry run" },
          ]}
        />
      </div>
      <div className={`editor show-${view}`}>
        {/* The shortcut works wherever the focus is inside the form. */}
        {}
        <form className="editor-form" aria-label={title} noValidate {...form}>
          <RouteFields
            draft={draft}
            change={(part) => setDraft((old) => ({ ...old, ...part }))}
            error={seen}
            now={problem}
            fixedId={route !== undefined}
          />
          <div className="form-foot">
            {seen && <Problem error={seen} kept="What you entered is still here." />}
            {stored && (
              <span className="left">
                <Button tone="danger" icon={Trash2} onClick={() => setDeleting(true)}>
                  Delete
                </Button>
              </span>
            )}
            <Link to="/routes" className={buttonClass({})}>
              Cancel
            </Link>
            <Button type="submit" tone="primary" busy={busy}>
              {base ? "Save" : "Create route"}
            </Button>
          </div>
        </form>
        <aside className="card editor-aside" aria-label="Dry run">
          <header>
            <div>
              <h2>Dry run</h2>
              <p className="muted small">Where a request would go, with what the form says now. Nothing is sent.</p>
            </div>
          </header>
          <div className="card-body">
            <DryRun draft={body} unfinished={problem?.message} />
          </div>
        </aside>
      </div>
      {deleting && stored && (
        <DeleteRoute
          route={stored}
          onClose={() => setDeleting(false)}
          onDeleted={() => {
            abandon();
            leave();
          }}
        />
      )}
      <LeaveDialog blocker={blocker} />
    </Page>
  );
}

/** The body that the draft makes, or why it makes none yet. A name may be missing for a dry run: it stands for itself. */
function bodyOrProblem(draft: RouteDraft): { body: RouteBody | null; problem: DraftProblem | null } {
  try {
    return { body: routeBody({ ...draft, id: draft.id.trim() || "draft" }), problem: null };
  } catch (problem) {
    if (problem instanceof DraftProblem) return { body: null, problem };
    throw problem;
  }
}

async function store(api: ReturnType<typeof useApp>["api"], value: RouteBody, base: Route | undefined) {
  if (!base) return data(api.POST("/api/admin/routes", { body: value }));
  const { id, ...body } = value;
  const params = { path: { id }, header: { "if-match": `"${base.version}"` } };
  return data(api.PATCH("/api/admin/routes/{id}", { params, body })).catch((problem: unknown) => {
    throw staleness(problem);
  });
}
