/** `noema db check`: a stopped node's stores and logs, read whole. */
import { existsSync } from "node:fs";
import { chainFaults } from "@noema/consensus/store/chain-faults";
import { type ChainStore, createChainStore } from "@noema/consensus/store/chain-store";
import { equalBytes, to0x } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import { readHead, readHeight } from "@noema/execution/blocks/store";
import { flatFaults } from "@noema/execution/state/flat-roots";
import { logOwnerOf } from "../../keys/log-owner-of.ts";
import { lockDatadir } from "../../store/datadir-lock.ts";
import { guardGenesis } from "../../store/genesis-guard.ts";
import { openStore, storePath, WHOLE } from "../../store/open-store.ts";
import { type ChainSpec, readChainSpec } from "../../wiring/genesis.ts";
import { logLosses } from "../../wiring/storage.ts";
import { configIn } from "../config-in.ts";
import { STORES } from "./place.ts";

/** `wrong` absent: so far it goes well. */
export type Finding = { where: string; wrong?: string };
const MOST = 100;

/** Nothing is changed but what each opening changes: a torn tail of a log is cut. Throws DATADIR_*, and what reading the configuration throws. */
export async function checkDatadir(datadir: string, tell: (finding: Finding) => Promise<void>): Promise<number> {
  const config = configIn(datadir);
  const spec = readChainSpec(config.genesis);
  let found = 0;
  const say = async (where: string, wrong?: string) => {
    if (wrong !== undefined) found++;
    if (found <= MOST) await tell({ where, wrong });
  };
  const lock = await lockDatadir(config.datadir);
  try {
    guardGenesis(config.datadir, spec.hash);
    for (const { log, loss } of config.follow ? [] : await logLosses(config.datadir, logOwnerOf(config, spec.hash))) await say(log, loss);
    const stores = (["chain", "state"] as const).filter((name) => existsSync(storePath(config.store, config.datadir, name)));
    if (stores.length < 2) await say("stores", stores.length === 0 ? undefined : `${stores[0]} stands alone`);
    else await guarded("stores", say, () => checkStores(config.store, config.datadir, spec, say));
    return found;
  } finally {
    lock.release();
  }
}

type Say = (where: string, wrong?: string) => Promise<void>;

/** What cannot be read is told, and does not end the rest. */
async function guarded(where: string, say: Say, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    await say(where, isNoemaError(error) ? `${error.code}: ${error.message}` : String(error));
  }
}

async function checkStores(engine: "lmdb" | "rocksdb", datadir: string, spec: ChainSpec, say: Say): Promise<void> {
  const chain = await openStore(engine, datadir, "chain", STORES.chain, WHOLE);
  try {
    const store = createChainStore(chain, () => false);
    for (const { height, wrong } of chainFaults(store)) await say(`chain, height ${height} of ${store.tip()}`, wrong);
    await guarded("state", say, () => checkState(engine, datadir, spec, store, say));
  } finally {
    await chain.close();
  }
}

async function checkState(engine: "lmdb" | "rocksdb", datadir: string, spec: ChainSpec, store: ChainStore, say: Say): Promise<void> {
  const kv = await openStore(engine, datadir, "state", STORES.state, WHOLE);
  const snapshot = kv.snapshot();
  try {
    const head = readHead(snapshot);
    if (head === undefined) return await say("state", "it has no newest block");
    if (head.height > store.tip()) await say("state", `executed up to ${head.height}, and the chain ends at ${store.tip()}`);
    for (let height = store.oldest(); height <= store.tip(); height++)
      await say("state, results", resultFault(snapshot, store, spec, height));
    for (const wrong of flatFaults(snapshot, head.stateRoot)) await say("state, values", wrong);
  } finally {
    snapshot.close();
    await kv.close();
  }
}

/** The result that the header of a height carries, which two thirds of stake voted for, against the own one. */
function resultFault(snapshot: KvSnapshot, store: ChainStore, spec: ChainSpec, height: number): string | undefined {
  const exec = store.block(height)?.header.exec;
  const own = exec && readHeight(snapshot, exec.height, spec.genesis.fork);
  if (exec === undefined || own === undefined || equalBytes(own.stateRoot, exec.stateRoot)) return undefined;
  return `block ${exec.height} has state root ${to0x(own.stateRoot)}, the header of ${height} says ${to0x(exec.stateRoot)}`;
}
