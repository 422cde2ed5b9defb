import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { SOLIDITY_LIBRARY } from "@noema/precompiles/bundled-models";
import { factsOf } from "../bind/facts.ts";
import { solidityOf } from "../bind/solidity.ts";
import { viemOf } from "../bind/viem.ts";
import { checkFree, readModel } from "./files.ts";

/** A Solidity library and a TypeScript module of one model, and the library that the first needs, unless there is one. */
export function bind(path: string, { out, force }: { out: string; force: boolean }): void {
  const { model, card } = readModel(path);
  const facts = factsOf(basename(path), model, card);
  const [library, module, base] = [join(out, `${facts.name}.sol`), join(out, `${facts.name}.ts`), join(out, "IInference.sol")];
  checkFree([library, module], force);
  mkdirSync(out, { recursive: true });
  writeFileSync(library, solidityOf(facts));
  writeFileSync(module, viemOf(facts));
  const found = existsSync(base) && !force;
  if (!found) copyFileSync(SOLIDITY_LIBRARY, base);
  else if (!readFileSync(base).equals(readFileSync(SOLIDITY_LIBRARY)))
    process.stderr.write(`noema: ${base} is another than this version's, and stays: --force replaces it\n`);
  process.stdout.write(`${library}, ${module}${found ? "" : `, ${base}`}\n`);
}
