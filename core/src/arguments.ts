/** What a command line may say where no table of options does: parsers with bounds, which throw ARGUMENT_INVALID with what is expected; the launcher adds which option it was. */
import { coreError } from "./errors.ts";
import { fromText, integer as integerSchema } from "./option-table.ts";

export function integer(min: number, max: number): (text: string) => number {
  const schema = integerSchema(min, max);
  return (text) => fromText(schema, text) as number;
}

/** Without a slash at its end, so that a path can follow. */
export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw coreError("ARGUMENT_INVALID", "a URL like http://127.0.0.1:8545 is expected", { text });
  return url.href.replace(/\/+$/, "");
}
