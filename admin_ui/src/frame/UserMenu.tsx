import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CircleUserRound, KeyRound, LogOut, MonitorX, Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { useApp, useSession } from "@/app-context";
import { IconButton } from "@/ui/Button";
import { Segments } from "@/ui/Field";
import { Menu, MenuItem, MenuLabel, MenuLine, MenuRadio } from "@/ui/Menu";
import { EndEverywhere, OwnPassword } from "./Account";
import { useTheme } from "./theme";

const themes = [
  { value: "system", label: "System", icon: Monitor },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
] as const;

/** Who is signed in, their password, the theme, the way out. */
export function UserMenu() {
  const session = useSession();
  const { api, session: store } = useApp();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [theme, setTheme] = useTheme();
  const [open, setOpen] = useState<"password" | "everywhere" | null>(null);
  const left = () => {
    store.set(null);
    queries.clear();
    void navigate({ to: "/login", search: {} });
  };
  const leave = () => {
    // The token ends on the server as well; when that fails, it still ends here.
    void api
      .POST("/api/auth/logout", { params: { header: { "x-refresh": "1" } }, keepalive: true })
      .catch(() => undefined);
    left();
  };
  const close = () => setOpen(null);
  return (
    <>
      <Menu label="Account" trigger={<IconButton label="Account and theme" icon={CircleUserRound} />}>
        <MenuLabel>
          {session?.user.username} · {session?.user.role}
        </MenuLabel>
        <MenuItem icon={KeyRound} onSelect={() => setOpen("password")}>
          Change password
        </MenuItem>
        <MenuLine />
        <MenuLabel>Theme</MenuLabel>
        <MenuRadio value={theme} onChange={setTheme} options={themes} />
        <MenuLine />
        <MenuItem icon={LogOut} onSelect={leave}>
          Sign out
        </MenuItem>
        <MenuItem icon={MonitorX} onSelect={() => setOpen("everywhere")}>
          Sign out everywhere…
        </MenuItem>
      </Menu>
      {open === "password" && <OwnPassword onClose={close} />}
      {open === "everywhere" && <EndEverywhere onLeft={left} onClose={close} />}
    </>
  );
}

/** The theme switch of the phone's sheet. */
export function ThemeChoice() {
  const [theme, setTheme] = useTheme();
  return <Segments label="Theme" value={theme} onChange={setTheme} options={themes} />;
}
