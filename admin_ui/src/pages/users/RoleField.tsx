import { roles, type Role } from "@/api/users";
import { Field, Select } from "@/ui/Field";

interface Props {
  value: Role;
  onChange: (role: Role) => void;
  error?: string;
  disabled?: boolean;
}

/** A role, and what it allows. */
export function RoleField({ value, onChange, error, disabled }: Props) {
  return (
    <Field label="Role" hint={roles.find((role) => role.value === value)?.hint} error={error}>
      {(field) => (
        <Select
          {...field}
          value={value}
          disabled={disabled}
          onChange={(role) => onChange(role as Role)}
          options={roles}
        />
      )}
    </Field>
  );
}
