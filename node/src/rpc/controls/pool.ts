/** What waits in the pool, taken out of it, as anvil and Hardhat name it. With several validators all have it: one cannot take it back. */
import { equalBytes, to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { rpcError } from "../errors.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, hash } from "../json-rpc/parsers.ts";
import { BOOLEAN, HASH, NULL, nullable } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { SIGNING } from "./operate.ts";

/** Answers which left. Throws DEV_NEEDS_ONE_VALIDATOR, DEV_IN_FLIGHT. */
async function drop({ chain, pool }: ControlDeps, hashes: readonly Hash[]): Promise<readonly Hash[]> {
  if (chain.validators().members.length > 1)
    throw rpcError("DEV_NEEDS_ONE_VALIDATOR", "the other validators hold these transactions too, and any of them may include them");
  const dropped = await pool.drop(hashes);
  const left = hashes.find((each) => pool.get(each) !== undefined);
  if (left !== undefined) throw rpcError("DEV_IN_FLIGHT", `${to0x(left)} is on its way into a block`, { hash: to0x(left) });
  return dropped;
}

function all({ pool }: ControlDeps): Hash[] {
  const { pending, queued } = pool.content();
  return [...pending, ...queued].map(({ tx }) => tx.hash);
}

const told = { errors: ["DEV_NEEDS_ONE_VALIDATOR", "DEV_IN_FLIGHT"], ...SIGNING };
const ONE = "takes a transaction out of the pool";
const ALL = "takes all transactions out of the pool";
const byHash = ["transaction hash", hash] as const;

export function anvilPoolMethods(deps: ControlDeps): Record<string, RpcMethod> {
  const one = async (wanted: Hash) => ((await drop(deps, [wanted])).length > 0 ? to0x(wanted) : null);
  const ofSender = (sender: Bytes) => {
    const { pending, queued } = deps.pool.content();
    const own = [...pending, ...queued].filter((x) => equalBytes(x.sender, sender));
    return drop(
      deps,
      own.map(({ tx }) => tx.hash),
    ).then(() => null);
  };
  return {
    anvil_dropTransaction: method({ ...told, summary: ONE, params: [byHash], result: nullable(HASH), run: one }),
    anvil_dropAllTransactions: method({
      ...told,
      summary: ALL,
      params: [],
      result: NULL,
      run: () => drop(deps, all(deps)).then(() => null),
    }),
    anvil_removePoolTransactions: method({
      ...told,
      summary: "takes a sender's transactions out of the pool",
      params: [["address", address]],
      result: NULL,
      run: ofSender,
    }),
  };
}

export function hardhatPoolMethods(deps: ControlDeps): Record<string, RpcMethod> {
  async function one(wanted: Hash): Promise<boolean> {
    if ((await deps.execution.transaction(wanted)) !== undefined)
      throw rpcError("DEV_ALREADY_MINED", `Transaction ${to0x(wanted)} cannot be dropped because it's already mined`);
    return (await drop(deps, [wanted])).length > 0;
  }
  return {
    hardhat_dropTransaction: method({
      ...told,
      summary: ONE,
      params: [byHash],
      result: BOOLEAN,
      errors: [...told.errors, "DEV_ALREADY_MINED"],
      run: one,
    }),
    hardhat_dropAllTransactions: method({
      ...told,
      summary: ALL,
      params: [],
      result: NULL,
      run: () => drop(deps, all(deps)).then(() => null),
    }),
  };
}
