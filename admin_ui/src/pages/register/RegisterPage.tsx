import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { fieldError } from "@/api/errors";
import { sessionOf } from "@/api/session";
import { register, registrationQuery, type RegistrationMode } from "@/api/users";
import { useApp, useSession } from "@/app-context";
import { Brand } from "@/frame/Brand";
import { nameProblem } from "@/pages/users/names";
import { PasswordField } from "@/pages/users/PasswordField";
import { Button, buttonClass } from "@/ui/Button";
import { Field, TextInput } from "@/ui/Field";
import { Note, Problem } from "@/ui/Note";
import { LoadProblem, Skeleton } from "@/ui/Page";

/** Becomes a user: with an invitation, whose token stands behind the # of its link, or freely where the deployment allows it. */
export function RegisterPage() {
  const { api, config } = useApp();
  const session = useSession();
  const hash = useRouterState({ select: (state) => state.location.hash });
  // Kept here: the address loses it below, so that it is in no bookmark and no screenshot. A link pasted into an open page only changes the hash.
  const token = hash.replace(/^#/, "");
  const [invitation, setInvitation] = useState<string | null>(token || null);
  if (token && token !== invitation) setInvitation(token);
  const mode = useQuery(registrationQuery(api));
  useEffect(() => {
    document.title = "Register · LLM gateway";
  }, []);
  useEffect(() => {
    if (hash) history.replaceState(history.state, "", location.pathname);
  }, [hash]);
  return (
    <main className="login">
      <div className="login-card">
        <Brand />
        <div>
          <h1>{invitation ? "You are invited" : "Register"}</h1>
          <p className="muted">The gateway’s dashboard, stage {config.stage}.</p>
        </div>
        {mode.error && <LoadProblem error={mode.error} retry={() => void mode.refetch()} />}
        {mode.isPending && <Skeleton width={40} height={160} />}
        {mode.data &&
          (session ? (
            <SignedIn name={session.user.username} invited={invitation !== null} />
          ) : (
            <Entry key={invitation} mode={mode.data} invitation={invitation} />
          ))}
      </div>
    </main>
  );
}

function SignedIn({ name, invited }: { name: string; invited: boolean }) {
  return (
    <>
      <Note>
        You are signed in as <strong>{name}</strong>.{" "}
        {invited
          ? "To use this invitation, sign out first and open its link again."
          : "To become another user, sign out first."}
      </Note>
      <Link to="/" className={buttonClass({ tone: "primary" })}>
        Go to the dashboard
      </Link>
    </>
  );
}

function Entry({ mode, invitation }: { mode: RegistrationMode; invitation: string | null }) {
  if (mode === "open" || (mode === "invite" && invitation)) return <RegisterForm invitation={invitation} />;
  return (
    <>
      <Note>
        {mode === "closed" ? (
          <>
            <strong>Registration is closed here.</strong> An administrator can add you as a user; then sign in with the
            password you were given.
          </>
        ) : (
          <>
            <strong>You need an invitation.</strong> Ask an administrator for a link, and open it as you got it: what
            stands behind the # belongs to it.
          </>
        )}
      </Note>
      <Link to="/login" className={buttonClass({ tone: "primary" })}>
        Sign in
      </Link>
    </>
  );
}

function RegisterForm({ invitation }: { invitation: string | null }) {
  const { api, session } = useApp();
  const router = useRouter();
  const queries = useQueryClient();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [left, setLeft] = useState(false);
  const enter = useMutation({
    mutationFn: () => register(api, { username: username.trim(), password, ...(invitation ? { invitation } : {}) }),
    onSuccess: (reply) => {
      queries.clear();
      session.set(sessionOf(reply));
      router.history.push("/");
    },
  });
  const { error } = enter;
  const beside = ["username", "password"].some((name) => fieldError(error, name));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        enter.mutate();
      }}
    >
      <Field
        label="User name"
        hint="Letters, digits and . _ @ + -"
        error={(left ? nameProblem(username) : undefined) ?? fieldError(error, "username")}
      >
        {(field) => (
          <TextInput
            {...field}
            value={username}
            onChange={setUsername}
            onBlur={() => setLeft(true)}
            autoComplete="username"
            required
            maxLength={64}
            spellCheck={false}
            autoCapitalize="none"
          />
        )}
      </Field>
      <PasswordField label="Password" value={password} onChange={setPassword} error={fieldError(error, "password")} />
      {error && !beside && <Problem error={error} kept="Nothing was made; what you entered is still here." />}
      <Button type="submit" tone="primary" className="wide" busy={enter.isPending}>
        Register
      </Button>
      <p className="muted small">
        Already a user? <Link to="/login">Sign in</Link>
      </p>
    </form>
  );
}
