import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { SOLIDITY_LIBRARY } from "@noema/precompiles/bundled-models";
import { factsOf } from "../bind/facts.ts";
import { solidityOf } from "../bind/solidity.ts";
import { viemOf } from "../bind/viem.ts";
import { checkFree, readModel } from "./files.ts";

/** A Solidity library and a TypeScript module of one model, and the library that the first needs. */
export function bind(path: string, { out, force }: { out: string; force: boolean }): void {
  const { model, card } = readModel(path);
  const facts = factsOf(basename(path), model, card);
  const [library, module, base] = [join(out, `${facts.name}.sol`), join(out, `${facts.name}.ts`), join(out, "IInference.sol")];
  checkFree([library, module], force);
  mkdirSync(out, { recursive: true });
  writeFileSync(library, solidityOf(facts));
  writeFileSync(module, viemOf(facts));
  copyFileSync(SOLIDITY_LIBRARY, base);
  process.stdout.write(`${library}, ${module}, ${base}\n`);
}
