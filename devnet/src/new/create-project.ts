/** A new project is examples/reader with a name of its own. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { coreError } from "@noema/core/errors";
import { fileError } from "@noema/node/files/file-error";
import { readJson } from "@noema/node/files/read-json";
import { writeJson } from "@noema/node/files/write-file";
import { repositoryRoot } from "@noema/node/paths";

const TEMPLATE = [
  "README.md",
  "chain.js",
  "compile.js",
  "contracts/MyReader.sol",
  "deploy.js",
  "page/index.html",
  "page/main.js",
  "package.json",
  "picture.js",
  "reader.test.js",
  "seven.txt",
];
/** In the example it is a link, which npm does not pack. */
const INTERFACE = "IInference.sol";
/** Of npm, without a scope. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** Throws ARGUMENT_INVALID where the name is none or the folder holds something, FILE_UNWRITABLE. */
export function createProject(folder: string): void {
  const to = resolve(folder);
  const name = basename(to);
  if (!NAME.test(name)) throw coreError("ARGUMENT_INVALID", `${name} is no name of a package: small letters, digits, - and _`);
  if (existsSync(to) && readdirSync(to).length > 0) throw coreError("ARGUMENT_INVALID", `${folder} exists and is not empty`);
  const root = repositoryRoot();
  /** By its bytes: what is installed may be read-only. */
  const copy = (from: string, file: string) => {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    writeFileSync(join(to, file), readFileSync(join(root, from)));
  };
  try {
    for (const file of TEMPLATE) copy(join("examples", "reader", file), file);
    copy(join("precompiles", "contracts", INTERFACE), join("contracts", INTERFACE));
    writeFileSync(join(to, ".gitignore"), "node_modules/\ndeployed.json\n");
  } catch (error) {
    throw fileError("FILE_UNWRITABLE", to, error);
  }
  const manifest = join(to, "package.json");
  writeJson(manifest, { ...(readJson(manifest) as object), name });
}
