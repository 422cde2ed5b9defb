/** Hashes and addresses: shown short, copied whole by a click or the keyboard. */
import { byId, make } from "./dom.ts";

const SHOWN_MS = 1200;

export const short = (hex: string, head = 10, tail = 6) => `${hex.slice(0, head)}…${hex.slice(-tail)}`;

/** A button that copies `text`; `shown` stands for it. */
export function copyable(text: string, shown = short(text)): HTMLElement {
  const button = make("button", { type: "button", class: "copy", title: text, "aria-label": `Copy ${text}` }, make("code", {}, shown));
  button.addEventListener("click", () => void copy(button, text));
  return button;
}

async function copy(button: HTMLElement, text: string): Promise<void> {
  const done = await write(text);
  button.dataset.copied = done ? "copied" : "press Ctrl-C";
  byId("copied").textContent = done ? "copied" : "";
  setTimeout(() => {
    delete button.dataset.copied;
    byId("copied").textContent = "";
  }, SHOWN_MS);
}

/** The clipboard is for secure origins only; a devnet on another machine is none. */
async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { class: "unseen" }) as HTMLTextAreaElement;
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
