import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { LIBRARIES, LIBRARIES_FOLDER } from "@noema/precompiles/bundled-models";
import { factsOf } from "../bind/facts.ts";
import { solidityOf } from "../bind/solidity.ts";
import { viemOf } from "../bind/viem.ts";
import { checkFree, readModel } from "./files.ts";

/** A Solidity library and a TypeScript module of one model, and what both need, where it is not there yet. */
export function bind(path: string, { out, force }: { out: string; force: boolean }): void {
  const { model, card } = readModel(path);
  const facts = factsOf(basename(path), model, card);
  const [library, module] = [join(out, `${facts.name}.sol`), join(out, `${facts.name}.ts`)];
  checkFree([library, module], force);
  mkdirSync(out, { recursive: true });
  writeFileSync(library, solidityOf(facts));
  writeFileSync(module, viemOf(facts));
  const copied = LIBRARIES.filter((name) => copyLibrary(name, out, force)).map((name) => join(out, name));
  process.stdout.write(`${[library, module, ...copied].join(", ")}\n`);
}

/** False where one stays that is there already, which is said if it is another. */
function copyLibrary(name: string, out: string, force: boolean): boolean {
  const [own, there] = [join(LIBRARIES_FOLDER, name), join(out, name)];
  if (force || !existsSync(there)) {
    copyFileSync(own, there);
    return true;
  }
  if (!readFileSync(there).equals(readFileSync(own)))
    process.stderr.write(`noema: ${there} is another than this version's, and stays: --force replaces it\n`);
  return false;
}
