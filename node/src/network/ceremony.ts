/** The founding of a network from registrations: equal inputs give equal bytes, so everybody can make the file and compare. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { to0x, utf8, ZERO_HASH } from "@noema/core/bytes";
import { type Genesis, genesisHash } from "@noema/core/genesis";
import { sha256 } from "@noema/core/hash";
import { parseTable } from "@noema/core/option-table";
import { FORKS } from "@noema/execution/rules/forks";
import { DIGIT_MODEL } from "@noema/precompiles/bundled-models";
import * as v from "valibot";
import { addressBook } from "../p2p/address-book.ts";
import { repositoryRoot } from "../paths.ts";
import { parseChainSpec } from "../wiring/genesis.ts";
import { networkError } from "./errors.ts";
import type { NetworkFile } from "./network-file.ts";
import type { Registration } from "./registration.ts";

/** As on a devnet: an empty block costs each validator a few KB on disk. */
const IDLE_INTERVAL_MS = 4000;

const section = v.optional(v.record(v.string(), v.unknown()), {});
const settings = v.strictObject({
  fork: v.optional(v.string()),
  consensus: section,
  execution: section,
  da: section,
  inference: v.optional(v.record(v.string(), v.unknown())),
});
export type Settings = v.InferOutput<typeof settings>;

/** Throws NETWORK_FILE_INVALID. */
export function parseSettings(json: unknown, name: string): Settings {
  return parseTable(settings, json, (fault) => networkError("NETWORK_FILE_INVALID", `${name}: ${fault}`, { name }));
}

export type Founding = {
  name: string;
  chainId: number;
  registrations: readonly Registration[];
  settings: Settings;
  /** Of block 0; default: when the last registration was made. */
  timestampMs?: number | undefined;
};

/** Throws REGISTRATION_INVALID where two stand in each other's way, GENESIS_INVALID and the layers' *_OPTIONS_INVALID. */
export function foundNetwork({ name, chainId, registrations, settings, timestampMs }: Founding): NetworkFile {
  const sorted = [...registrations].sort((a, b) => (a.publicKey < b.publicKey ? -1 : 1));
  refuseTwins(sorted);
  const unsalted = {
    salt: to0x(ZERO_HASH),
    chainId,
    timestampMs: timestampMs ?? Math.max(...sorted.map((x) => Date.parse(x.madeAt))),
    dev: false,
    fork: settings.fork ?? (FORKS.at(-1) as string),
    validators: sorted.map(({ publicKey, feeAddress, pop }) => ({ publicKey, weight: "1", feeAddress, pop })),
    consensus: { idleIntervalMs: IDLE_INTERVAL_MS, ...settings.consensus },
    execution: settings.execution,
    da: settings.da,
    inference: settings.inference ?? { models: bundledModels() },
  };
  // Two networks of the same people on the same day are two chains all the same.
  const salt = to0x(sha256(utf8(`noema network ${name}`), genesisHash(unsalted satisfies Genesis)));
  const { genesis } = parseChainSpec({ ...unsalted, salt });
  return { network: 1, name, validators: sorted.map(({ name, publicKey, peer }) => ({ name, publicKey, peer })), genesis };
}

function refuseTwins(registrations: readonly Registration[]): void {
  const seen = new Map<string, string>();
  for (const { name, publicKey, peer } of registrations)
    for (const [what, value] of [
      ["name", name],
      ["key", publicKey],
      ["peer id", [...addressBook([peer], "").keys()].join()],
    ] as const) {
      // biome-ignore format: one line
      const other = seen.get(`${what} ${value}`);
      if (other !== undefined)
        throw networkError("REGISTRATION_INVALID", `${other} and ${name} have one ${what}: ${value}`, { what, value });
      seen.set(`${what} ${value}`, name);
    }
}

function bundledModels(): [string, string][] {
  const file = readFileSync(join(repositoryRoot(), "precompiles", "models", DIGIT_MODEL));
  return [[DIGIT_MODEL, to0x(sha256(file))]];
}
