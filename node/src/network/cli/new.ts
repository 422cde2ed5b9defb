/** `noema network new`. */
import { existsSync, readFileSync } from "node:fs";
import { to0x } from "@noema/core/bytes";
import { jsonFilesIn } from "../../files/json-files.ts";
import { readJson } from "../../files/read-json.ts";
import { writeFileAtomic } from "../../files/write-file.ts";
import { foundNetwork, parseSettings } from "../ceremony.ts";
import { networkError } from "../errors.ts";
import { chainSpecOf } from "../network-file.ts";
import { parseRegistration } from "../registration.ts";

export type NewNetworkOptions = { validators: string[]; chainId: number; name: string; time?: number; settings?: string; out: string };

export function newNetwork({ validators, chainId, name, time, settings, out }: NewNetworkOptions): void {
  const registrations = validators.flatMap(jsonFilesIn).map((path) => parseRegistration(readJson(path), path));
  const file = foundNetwork({
    name,
    chainId,
    registrations,
    settings: parseSettings(settings === undefined ? {} : readJson(settings), settings ?? "--settings"),
    timestampMs: time,
  });
  const { hash, genesis } = chainSpecOf(file);
  const text = `${JSON.stringify(file, null, 2)}\n`;
  const there = existsSync(out);
  if (there && readFileSync(out, "utf8") !== text)
    throw networkError("NETWORK_FILE_EXISTS", `${out} exists, and these registrations make another network`, { out });
  if (!there) writeFileAtomic(out, text);
  const lines = [
    `${out} ${there ? "is the same" : "is written"}: network ${name}, chain ${chainId}, begins ${new Date(genesis.timestampMs).toISOString()}`,
    `genesis ${to0x(hash)}: everybody must have this one`,
    ...file.validators.map((x) => `  ${x.name}  ${x.publicKey}  ${x.peer}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
