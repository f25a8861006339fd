import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { LogOut, Trash2 } from "lucide-react";
import { useState } from "react";
import { fieldError, staleness } from "@/api/errors";
import { deleteUser, endSessions, sources, updateUser, userQuery, type DashboardUser } from "@/api/users";
import { useApp, useSession } from "@/app-context";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Dialog } from "@/ui/Dialog";
import { Check, Field, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { Note } from "@/ui/Note";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { useToast } from "@/ui/Toasts";
import { nameProblem } from "./names";
import { PasswordField } from "./PasswordField";
import { RoleField } from "./RoleField";

/** The drawer of one user of the dashboard. */
export function EditUser({ id, onClose }: { id: string; onClose: () => void }) {
  const { api } = useApp();
  const found = useQuery(userQuery(api, id));
  if (found.data) return <Form item={found.data} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={found.data === null ? "No such user" : "User"} shape="drawer">
      <div className="panel-body">
        {found.error && <LoadProblem error={found.error} retry={() => void found.refetch()} />}
        {found.isPending && <Skeleton width={60} height={120} />}
        {found.data === null && <p>There is no user “{id}” (any more). What they did stays in the audit log.</p>}
      </div>
    </Dialog>
  );
}

/** Why little or nothing of a user can be changed here; the API refuses it all the same. */
function whyFixed(item: DashboardUser): string | null {
  if (item.source === "deployment")
    return "The deployment’s administrator: name, password and role come from its secret, so that nobody can be locked out.";
  if (item.source === "external")
    return `Signs in at ${item.issuer}, which decides the name and the role. Here you can only let them in or not.`;
  return null;
}

function Form({ item, onClose }: { item: DashboardUser; onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [base, setBase] = useState(item);
  const [initial] = useState(() => ({
    username: item.username,
    role: item.role,
    active: item.active,
    password: "",
  }));
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const me = useSession()?.user.id === item.id;
  const fixed = whyFixed(item);
  const own = item.source === "local";
  const dirty = JSON.stringify(draft) !== JSON.stringify(initial);
  const save = async () => {
    if (!dirty) return;
    const changed = await updateUser(
      api,
      item.id,
      {
        ...(draft.username.trim() !== base.username ? { username: draft.username.trim() } : {}),
        ...(draft.role !== base.role ? { role: draft.role } : {}),
        ...(draft.active !== base.active ? { active: draft.active } : {}),
        ...(draft.password ? { password: draft.password } : {}),
      },
      base.version,
    ).catch((problem: unknown) => {
      throw staleness(problem);
    });
    await queries.invalidateQueries({ queryKey: ["users"] });
    const ended = draft.password !== "" || !draft.active;
    toast({
      tone: "ok",
      what: `${changed.username} was saved.`,
      more: ended ? "All of their sessions have ended." : "It counts with their next request.",
    });
  };
  return (
    <FormDrawer
      title={item.username}
      description={`${me ? "You · " : ""}${sources[item.source]} · ${item.id}`}
      dirty={dirty}
      submit="Save"
      onSubmit={save}
      onClose={onClose}
      above={fixed && <Note>{fixed}</Note>}
      left={
        item.source !== "deployment" && (
          <Button tone="danger" icon={Trash2} onClick={() => setDeleting(true)}>
            Delete
          </Button>
        )
      }
      below={
        <>
          <Sessions
            item={item}
            me={me}
            // An act of one's own is no change by someone else: what the form holds stays good.
            onEnded={(now) => setBase((old) => (now.version === old.version + 1 ? now : old))}
          />
          {deleting && <DeleteUser item={item} onDeleted={onClose} onClose={() => setDeleting(false)} />}
        </>
      }
    >
      {(error) => (
        <>
          {item.source !== "deployment" && (
            <Check
              checked={draft.active}
              onChange={(active) => setDraft({ ...draft, active })}
              label="Active"
              hint="A deactivated user is signed out everywhere and cannot sign in."
            />
          )}
          {own && (
            <>
              <Field label="User name" fault={nameProblem(draft.username)} error={fieldError(error, "username")}>
                {(field) => (
                  <TextInput
                    {...field}
                    value={draft.username}
                    onChange={(username) => setDraft({ ...draft, username })}
                    required
                    maxLength={64}
                    autoComplete="off"
                    spellCheck={false}
                  />
                )}
              </Field>
              <RoleField
                value={draft.role}
                onChange={(role) => setDraft({ ...draft, role })}
                error={fieldError(error, "role")}
              />
              <PasswordField
                label="New password"
                optional
                value={draft.password}
                onChange={(password) => setDraft({ ...draft, password })}
                error={fieldError(error, "password")}
                hint="Empty: it stays. A new one ends all of their sessions; tell them in person."
              />
            </>
          )}
        </>
      )}
    </FormDrawer>
  );
}

interface SessionsProps {
  item: DashboardUser;
  me: boolean;
  onEnded: (now: DashboardUser) => void;
}

function Sessions({ item, me, onEnded }: SessionsProps) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const end = useMutation({
    mutationFn: async () => {
      await endSessions(api, item.id);
      const now = await queries.query({ ...userQuery(api, item.id), staleTime: 0 });
      if (now) onEnded(now);
    },
    onSuccess: () => toast({ tone: "ok", what: `All sessions of ${item.username} have ended.` }),
    onError: (error) => toast({ tone: "error", what: "No session was ended.", more: error.message }),
  });
  if (item.source === "external" || me) return null;
  return (
    <section className="section" aria-label="Sessions">
      <h3>Sessions</h3>
      <p className="muted small">
        A lost laptop, a shared computer: signs {item.username} out in every browser. They can sign in again.
      </p>
      <div>
        <Button icon={LogOut} busy={end.isPending} onClick={() => end.mutate()}>
          End all sessions
        </Button>
      </div>
    </section>
  );
}

/** Asks before a user goes, and says what stays. */
export function DeleteUser({
  item,
  onDeleted,
  onClose,
}: {
  item: DashboardUser;
  onDeleted: () => void;
  onClose: () => void;
}) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => deleteUser(api, item.id),
    onSuccess: async () => {
      onDeleted();
      toast({ tone: "ok", what: `${item.username} was deleted.` });
      await queries.invalidateQueries({ queryKey: ["users"] });
    },
  });
  return (
    <Confirm
      title={`Delete ${item.username}?`}
      action="Delete user"
      typeName={item.username}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      They are signed out everywhere at once and cannot sign in again. Keys they made go on working, and what they did
      stays in the audit log. {item.active && "To keep them out for a while, deactivate them instead."}
    </Confirm>
  );
}
