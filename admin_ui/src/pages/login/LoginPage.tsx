import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { data } from "@/api/client";
import { sessionOf } from "@/api/session";
import { registrationQuery } from "@/api/users";
import { useApp } from "@/app-context";
import { loginSearch } from "@/format/search";
import { Brand } from "@/frame/Brand";
import { Button } from "@/ui/Button";
import { Field, TextInput } from "@/ui/Field";
import { Note, Problem } from "@/ui/Note";

const route = getRouteApi("/login");

/** Sign in, then go where the person wanted to go. */
export function LoginPage() {
  const { api, session, config } = useApp();
  const router = useRouter();
  const { next } = loginSearch({ ...route.useSearch() });
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const open = useQuery(registrationQuery(api)).data === "open";
  useEffect(() => {
    document.title = "Sign in · LLM gateway";
  }, []);
  const login = useMutation({
    mutationFn: () => data(api.POST("/api/auth/login", { body: { username: username.trim(), password } })),
    onSuccess: (reply) => {
      session.set(sessionOf(reply));
      router.history.push(next ?? "/");
    },
    onError: () => setPassword(""),
  });
  return (
    <main className="login">
      <div className="login-card">
        <Brand />
        <div>
          <h1>Sign in</h1>
          <p className="muted">The gateway’s dashboard, stage {config.stage}.</p>
        </div>
        {session.lost && !login.error && (
          <Note tone="warn">Your session has ended. Sign in again to go on where you were.</Note>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            login.mutate();
          }}
        >
          <Field label="User name">
            {(field) => (
              <TextInput
                {...field}
                value={username}
                onChange={setUsername}
                autoComplete="username"
                required
                maxLength={200}
                spellCheck={false}
                autoCapitalize="none"
              />
            )}
          </Field>
          <Field label="Password">
            {(field) => (
              <TextInput
                {...field}
                type="password"
                value={password}
                onChange={setPassword}
                autoComplete="current-password"
                required
                maxLength={1024}
              />
            )}
          </Field>
          {login.error && <Problem error={login.error} />}
          <Button type="submit" tone="primary" className="wide" busy={login.isPending}>
            Sign in
          </Button>
          {open && (
            <p className="muted small">
              Not a user yet? <Link to="/register">Register</Link>
            </p>
          )}
        </form>
      </div>
    </main>
  );
}
