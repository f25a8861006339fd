import type { ReactNode } from "react";
import type { Owner } from "@/api/owners";

const kinds: Record<Owner["source"], string> = {
  account: "end user",
  user: "signs in here",
  key: "key without a user",
  dialogs: "from an identity provider, or gone",
};

/** Whose a balance or a dialog is: a name to open it by, what they are, and the id where it says more. */
export function OwnerName({ owner, children }: { owner: Owner; children: ReactNode }) {
  return (
    <>
      {children}
      <div className="sub">
        {kinds[owner.source]}
        {owner.name !== null && owner.name !== owner.id && (
          <>
            {" · "}
            <span className="mono breakable">{owner.id}</span>
          </>
        )}
      </div>
    </>
  );
}
