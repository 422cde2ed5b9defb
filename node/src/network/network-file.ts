/** network.json: all that a node needs to join a chain. Its hash of genesis names the chain; who the peers are is no rule of it. */
import { parseTable } from "@noema/core/option-table";
import * as v from "valibot";
import { readJson } from "../files/read-json.ts";
import { addressBook } from "../p2p/address-book.ts";
import { type ChainSpec, parseChainSpec } from "../wiring/genesis.ts";
import { networkError } from "./errors.ts";
import { operatorName, peerAddress } from "./registration.ts";

const networkFile = v.strictObject({
  network: v.literal(1, "1 is expected: another version made it"),
  name: operatorName,
  /** Of the founders. A key proves itself when it connects: an address that is wrong here only leads nowhere. */
  validators: v.pipe(v.array(v.strictObject({ name: operatorName, publicKey: v.string(), peer: peerAddress })), v.minLength(1)),
  genesis: v.record(v.string(), v.unknown()),
});
export type NetworkFile = v.InferOutput<typeof networkFile>;

/** In a data directory. */
export const NETWORK_FILE = "network.json";

/** Throws FILE_UNREADABLE, FILE_NOT_JSON, NETWORK_FILE_INVALID, P2P_ADDRESS_INVALID. */
export function readNetworkFile(path: string): NetworkFile {
  const file = parseTable(networkFile, readJson(path), (fault) => networkError("NETWORK_FILE_INVALID", `${path}: ${fault}`, { path }));
  addressBook(peersOf(file), "");
  return file;
}

export function peersOf({ validators }: Pick<NetworkFile, "validators">): string[] {
  return validators.map(({ peer }) => peer);
}

/** Of founders' nodes, by peer id. */
export function namesByPeer({ validators }: Pick<NetworkFile, "validators">): ReadonlyMap<string, string> {
  return new Map(validators.map(({ peer, name }) => [peer.split("/").at(-1) as string, name]));
}

/** Checks every key, proof and section. Throws GENESIS_INVALID and the layers' *_OPTIONS_INVALID. */
export function chainSpecOf({ genesis }: NetworkFile): ChainSpec {
  return parseChainSpec(genesis);
}
