import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MailPlus, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { usePages } from "@/api/use-pages";
import { invitationsQuery, registrationQuery, revokeInvitation, roles, type Invitation } from "@/api/users";
import { useApp } from "@/app-context";
import { Badge } from "@/ui/Badge";
import { IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { MoreRows } from "@/ui/MoreRows";
import { Note } from "@/ui/Note";
import { Empty, LoadProblem } from "@/ui/Page";
import { useToast } from "@/ui/Toasts";
import { Ago } from "@/ui/Value";

const column = columnsOf<Invitation>();
const states = { open: "ok", used: "info", expired: "time" } as const;

const columns = column.columns([
  column.display({
    id: "note",
    header: "For",
    cell: ({ row: { original: one } }) => (
      <span className="breakable">{one.note ?? <span className="sub">no note</span>}</span>
    ),
  }),
  column.display({
    id: "role",
    header: "Role",
    cell: ({ row }) => roles.find(({ value }) => value === row.original.role)?.label,
  }),
  column.display({
    id: "state",
    header: "State",
    cell: ({ row: { original: one } }) => <Badge state={states[one.state]}>{one.state}</Badge>,
  }),
  column.display({
    id: "end",
    header: "Until",
    cell: ({ row: { original: one } }) => <Ago ms={one.expires_at} />,
  }),
  column.display({
    id: "used",
    header: "Became",
    cell: ({ row: { original: one } }) =>
      one.used_by ? (
        <span className="nowrap">
          <Link to="/teams" search={{ tab: "people", open: one.used_by }}>
            a user
          </Link>{" "}
          {one.used_at && <Ago ms={one.used_at} />}
        </span>
      ) : (
        <span className="sub">–</span>
      ),
  }),
  column.accessor("created_at", { header: "Made", cell: ({ getValue }) => <Ago ms={getValue()} /> }),
  column.display({
    id: "actions",
    header: () => <span className="visually-hidden">Actions</span>,
    cell: ({ row }) => <Revoke item={row.original} />,
  }),
]);

function Revoke({ item }: { item: Invitation }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => revokeInvitation(api, item.id),
    onSuccess: async () => {
      setAsking(false);
      toast({ tone: "ok", what: "The invitation was revoked." });
      await queries.invalidateQueries({ queryKey: ["invitations"] });
    },
  });
  const open = item.state === "open";
  const label = `${open ? "Revoke" : "Remove"} the invitation ${item.note ? `for ${item.note}` : item.id}`;
  return (
    <span className="row actions-cell">
      <IconButton size="compact" icon={Trash2} label={label} onClick={() => setAsking(true)} />
      {asking && (
        <Confirm
          title={open ? "Revoke this invitation?" : "Remove this invitation?"}
          action={open ? "Revoke" : "Remove"}
          busy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate()}
          onClose={() => setAsking(false)}
        >
          {open
            ? "Its link stops working at once. You can make another one."
            : "It only leaves this list; whoever registered with it stays a user."}
        </Confirm>
      )}
    </span>
  );
}

/** Who was asked in, and what became of it. */
export function Invitations({ add }: { add: ReactNode }) {
  const { api } = useApp();
  const found = useInfiniteQuery(invitationsQuery(api));
  const mode = useQuery(registrationQuery(api)).data;
  const pages = usePages<Invitation>(found);
  const { rows } = pages;
  if (found.error) return <LoadProblem error={found.error} retry={() => void found.refetch()} />;
  return (
    <div className="stack accounts">
      {mode === "closed" && (
        <Note tone="warn">
          <strong>Registration is closed in this deployment</strong>, so nobody could use an invitation. The template’s
          parameter <code>Registration</code> (here: <code>REGISTRATION</code>) set to <code>invite</code> opens it to
          those you invite. Until then, add users yourself.
        </Note>
      )}
      {mode === "open" && (
        <Note>Anybody may register here with the role “User”. An invitation gives another role.</Note>
      )}
      <section className="card table-card" aria-label="Invitations">
        {rows?.length === 0 ? (
          <Empty icon={MailPlus} title="Nobody is invited" action={mode === "closed" ? undefined : add}>
            An invitation is a link that works once: whoever opens it chooses a name and a password and has the role you
            gave. You send it yourself; the gateway sends no mail.
          </Empty>
        ) : (
          <ListTable
            label="Invitations"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            right={["actions"]}
            cards
            onOpen={() => undefined}
          />
        )}
        <MoreRows pages={pages} />
      </section>
    </div>
  );
}
