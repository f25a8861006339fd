import { MessagesSquare } from "lucide-react";
import { Empty } from "@/ui/Page";

/** What stands where nothing has been said yet. */
export const Teach = ({ poor }: { poor: boolean }) => (
  <Empty
    icon={MessagesSquare}
    title="Begin a chat"
    below={
      <ul className="chat-teach small muted">
        <li>
          <strong>Model and agent</strong> are chosen below the box; an agent says how the model is asked, with its own
          instructions and settings.
        </li>
        <li>
          <strong>Settings</strong>, above at the right, hold a system prompt, temperature and the like for one chat.
        </li>
        <li>
          <strong>Chats</strong> stay in the list until you delete them, also when you leave while an answer comes.
        </li>
      </ul>
    }
  >
    {poor
      ? "Your tokens are used up: you can read your chats, and write again once an administrator has added some."
      : "Write something below: a question, a text to mend, code to explain. The answer appears as it is written."}
  </Empty>
);
