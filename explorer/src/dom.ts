export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** Only what changed is written: a screen reader says it once. */
export function write(id: string, text: string): void {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

/** An element with attributes and children; text is never read as markup. */
export function make(tag: string, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export type Facts = readonly (readonly [name: string, value: Node | string])[];

/** Rows of a <dl>. */
export function showFacts(list: HTMLElement, facts: Facts): void {
  list.replaceChildren(...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

export const number = (hex: string) => Number(hex).toLocaleString("en-US");
export const milliseconds = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`);
