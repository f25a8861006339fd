import { createContext } from "react";

/** Whether saving has been tried: from then on every field says what is wrong with it, whether it was left or not. */
export const Tried = createContext(false);
