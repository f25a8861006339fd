import { Field, TextInput } from "@/ui/Field";

export const shortestPassword = 10;

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string;
  optional?: boolean;
  hint?: string;
}

/** A new password; what is wrong with its length is said when leaving the field. */
export function PasswordField({ label, value, onChange, error, optional, hint }: Props) {
  const short = value !== "" && value.length < shortestPassword;
  return (
    <Field
      label={label}
      optional={optional}
      hint={hint ?? `At least ${shortestPassword} characters; a sentence is good.`}
      fault={short ? `At least ${shortestPassword} characters.` : undefined}
      error={error}
    >
      {(field) => (
        <TextInput
          {...field}
          type="password"
          value={value}
          onChange={onChange}
          autoComplete="new-password"
          required={!optional}
          maxLength={1024}
        />
      )}
    </Field>
  );
}
