#!/usr/bin/env node
// npm's solc as forge calls a native one: `solc --version`, and `solc --standard-json --allow-paths ...` on stdin.
import { readFileSync } from "node:fs";
import solc from "solc";

if (process.argv.includes("--version")) process.stdout.write(`Version: ${solc.version()}\n`);
else process.stdout.write(solc.compile(readFileSync(0, "utf8")));
