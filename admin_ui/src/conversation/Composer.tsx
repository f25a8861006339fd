import { OctagonMinus, SendHorizontal } from "lucide-react";
import type { KeyboardEvent, ReactNode, Ref } from "react";
import { Button } from "@/ui/Button";

interface Props {
  text: string;
  onText: (text: string) => void;
  /** There is something to send, and nothing in the way. */
  ready: boolean;
  busy: boolean;
  onSend: () => void;
  onStop: () => void;
  /** Enter sends and Shift Enter breaks the line; without it Enter breaks the line and ⌘↵ sends. */
  enterSends?: boolean;
  placeholder: string;
  rows?: number;
  maxLength?: number;
  box?: Ref<HTMLTextAreaElement>;
  /** Above and below the box, where it goes with it. */
  above?: ReactNode;
  below?: ReactNode;
}

/** Whether this key press sends. Enter that ends the input of a character (Chinese, say) is that character's. */
function sends(event: KeyboardEvent, enterSends: boolean | undefined): boolean {
  if (event.key !== "Enter" || event.nativeEvent.isComposing) return false;
  return event.metaKey || event.ctrlKey || (enterSends === true && !event.shiftKey);
}

/** Where a message is written, sent and stopped. */
export function Composer(props: Props) {
  const { text, onText, ready, busy, onSend, onStop, enterSends, above, below, box, ...rest } = props;
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend();
      }}
    >
      {above && <div className="composer-beside">{above}</div>}
      <textarea
        rows={3}
        {...rest}
        ref={box}
        className="input"
        aria-label="Message"
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (!sends(event, enterSends)) return;
          event.preventDefault();
          if (ready) onSend();
        }}
      />
      {busy ? (
        // Another button, not the same one with another word: whoever presses twice must not send.
        <Button key="stop" icon={OctagonMinus} tone="danger" onClick={onStop}>
          Stop
        </Button>
      ) : (
        <Button key="send" type="submit" icon={SendHorizontal} tone="primary" disabled={!ready}>
          Send
        </Button>
      )}
      {below && <div className="composer-beside">{below}</div>}
    </form>
  );
}
