import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { contentQuery } from "@/api/releases";
import { useApp } from "@/app-context";
import { nounWord } from "@/format/changes";
import { Code } from "@/ui/Copy";
import { LoadProblem, Skeleton } from "@/ui/Page";

/** What a release holds, one thing below the other. */
export function Content({ hash }: { hash: string }) {
  const { api } = useApp();
  const content = useQuery(contentQuery(api, hash));
  if (content.error) return <LoadProblem error={content.error} retry={() => void content.refetch()} />;
  if (!content.data) return <Skeleton width={90} height={140} />;
  const { items } = content.data;
  if (items.length === 0) return <p className="muted">It holds nothing.</p>;
  return (
    <ul className="diff">
      {items.map(({ noun, id, fields }) => (
        <li key={`${noun} ${id}`}>
          <details>
            <summary className="diff-name">
              <ChevronRight className="icon chevron" aria-hidden />
              <span className="grow">
                <span className="muted">{nounWord(noun)}</span> <strong className="breakable">{id}</strong>
              </span>
            </summary>
            <div className="diff-body">
              <Code text={JSON.stringify(fields, null, 2)} label={`Copy ${id}`} />
            </div>
          </details>
        </li>
      ))}
    </ul>
  );
}
