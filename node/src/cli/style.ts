import { styleText } from "node:util";

/** Colour and weight of a word; the word itself where there is nobody to see it. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

export const plain: Style = (_, text) => text;

/** For a terminal, unless NO_COLOR says otherwise; plain for a file or a pipe. */
export function styleFor(stream: NodeJS.WriteStream): Style {
  return (format, text) => styleText(format, text, { stream });
}
