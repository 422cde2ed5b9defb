import { authorityOf } from "../../rules/authorizations.ts";
import type { Candidate } from "../../rules/validity.ts";
import type { FlatState } from "../../state/reader.ts";
import type { BlockEnv, ExecutedTransaction } from "../engine.ts";
import type { TraceStart } from "../trace.ts";

/** What a tracer is told of a transaction before it has done anything. */
export function traceStart(
  { tx, sender }: Candidate,
  before: readonly ExecutedTransaction[],
  { coinbase }: BlockEnv,
  state: FlatState,
): TraceStart {
  const { to, gasLimit: gas, hash, authorizationList = [] } = tx;
  const authorities = authorizationList.map(authorityOf).filter((x) => x !== undefined);
  const firstLog = before.reduce((sum, { logs }) => sum + logs.length, 0);
  return { state, from: sender, to, gas, coinbase, authorities, transaction: { hash, index: before.length, firstLog } };
}
