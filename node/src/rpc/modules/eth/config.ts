/** eth_config (EIP-7910): the rules that hold now. A chain has one fork from its first block on: none was before it, none is to come. */
import { crc32 } from "node:zlib";
import { blockNumber } from "@noema/core/block-number";
import { to0x } from "@noema/core/bytes";
import type { BlockRecord } from "@noema/execution/records";
import { type Fork, forkOf } from "@noema/execution/rules/forks";
import { precompileNames } from "@noema/execution/rules/precompile-names";
import { SYSTEM_CONTRACTS } from "@noema/execution/rules/system-contracts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { ADDRESS, DATA, INTEGER, type JsonSchema, mapOf, members, nullable, QUANTITY } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";

/** This chain's own, by inference.md. */
const OWN_PRECOMPILES = [
  ["MODEL_INFO", 0x0a00],
  ["INFER", 0x0a01],
] as const;

const RULES: JsonSchema = {
  title: "Rules",
  description: "of a fork",
  ...members(
    { activationTime: INTEGER, chainId: QUANTITY, forkId: DATA, precompiles: mapOf(ADDRESS), systemContracts: mapOf(ADDRESS) },
    { blobSchedule: members({ baseFeeUpdateFraction: INTEGER, max: INTEGER, target: INTEGER }) },
  ),
};

const addressHex = (n: number) => `0x${n.toString(16).padStart(40, "0")}`;

/** Keys in order, as the EIP wants them, so that equal rules are equal texts. */
function sorted(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const precompiles = (fork: Fork) => sorted([...precompileNames(fork), ...OWN_PRECOMPILES].map(([name, at]) => [name, addressHex(at)]));

function systemContracts({ eips }: Fork): Record<string, string> {
  return sorted(SYSTEM_CONTRACTS.filter(({ eip }) => eips.has(eip)).map(({ name, address }) => [name, to0x(address)]));
}

export function configMethods(c: EthContext): Record<string, RpcMethod> {
  return {
    eth_config: method({
      summary: "the rules that hold now (EIP-7910)",
      params: [],
      result: members({ current: RULES, next: nullable(RULES), last: nullable(RULES) }),
      async run() {
        const fork = forkOf(c.fork);
        const genesis = (await c.execution.block(blockNumber(0))) as BlockRecord;
        const { blobs } = fork;
        const current = {
          activationTime: 0,
          blobSchedule: blobs && { baseFeeUpdateFraction: Number(blobs.updateFraction), max: blobs.max, target: blobs.target },
          chainId: quantityHex(c.chainId),
          forkId: `0x${crc32(genesis.hash).toString(16).padStart(8, "0")}`, // EIP-6122, of no later fork
          precompiles: precompiles(fork),
          systemContracts: systemContracts(fork),
        };
        return { current, next: null, last: null };
      },
    }),
  };
}
