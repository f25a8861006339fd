/** The product's mark and name. */
export function Brand({ small }: { small?: boolean }) {
  return (
    <div className="brand">
      <svg viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="8" fill="var(--accent)" />
        <path
          d="M8 11h7l3 5-3 5H8M18 16h6"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="2.5"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      {small ? <span className="visually-hidden">LLM gateway</span> : <span className="label">LLM gateway</span>}
    </div>
  );
}
