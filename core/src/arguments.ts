/**
 * What a command line may say: parsers with bounds, which throw ARGUMENT_INVALID with what is expected; the launcher adds
 * which option it was. `Number("")` is 0 and `Number("0x10")` is 16, so digits are looked at first.
 */
import { coreError, type NoemaError } from "./errors.ts";

function expected(what: string, text: string): NoemaError {
  return coreError("ARGUMENT_INVALID", `${what} is expected`, { text });
}

export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || value < min || value > max) throw expected(`an integer from ${min} to ${max}`, text);
    return value;
  };
}

/** With fractions. */
export function decimal(min: number, max: number, unit: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]*\.?[0-9]+$/.test(text) || value < min || value > max) throw expected(`a number of ${unit} from ${min} to ${max}`, text);
    return value;
  };
}

/** Without a slash at its end, so that a path can follow. */
export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw expected("a URL like http://127.0.0.1:8545", text);
  return url.href.replace(/\/+$/, "");
}
