/** Where whole suites of outside vectors are to be had, and which of them a folder has. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { suites } from "./suites.ts";

export function whereToGetVectors(folder: string | undefined): string {
  const lines = suites.map(({ name, origin, licence }) => {
    const found = folder !== undefined && [name, `${name}.tar.xz`].some((x) => existsSync(join(resolve(folder), x)));
    const state = folder === undefined ? "" : found ? "  found" : "  not found";
    return `  ${name}${state}\n    ${origin}\n    ${licence}`;
  });
  const head =
    folder === undefined
      ? "A sample of these suites runs with `npm test`. For all of one, put its folder (or a .tar.xz with one folder in it) under this\nname into a folder of yours, and run `npm run test:vectors -- FOLDER`:"
      : `Whole suites in ${folder}:`;
  return [head, ...lines].join("\n");
}
