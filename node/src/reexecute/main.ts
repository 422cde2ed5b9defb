/** What `noema reexecute` does. The lock is held from the first read to the last rename, so the validator cannot run beside it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createChainStore } from "@noema/consensus/store/chain-store";
import { TABLES } from "@noema/consensus/store/tables";
import { equalBytes } from "@noema/core/bytes";
import type { Height } from "@noema/core/ports/bytes";
import { openPayloadJournal } from "@noema/da-layer/payload/journal";
import { configIn } from "../cli/config-in.ts";
import { createProgress } from "../cli/progress.ts";
import { systemClock as clock } from "../clock.ts";
import type { NodeConfig } from "../config.ts";
import { healFaults, standingFaults, writeFault } from "../diverged/fault-file.ts";
import { printable, type Reported, reportBlocks } from "../diverged/report.ts";
import { logOwnerOf } from "../keys/log-owner-of.ts";
import { lockDatadir } from "../store/datadir-lock.ts";
import { guardGenesis } from "../store/genesis-guard.ts";
import { openStore, WHOLE } from "../store/open-store.ts";
import { startExecutionThread } from "../threads/execution-thread.ts";
import { type ChainSpec, readChainSpec } from "../wiring/genesis.ts";
import { openBatchLog } from "../wiring/storage.ts";
import { damageOf } from "./damage.ts";
import { reexecuteError } from "./errors.ts";
import { openOldState } from "./old-state.ts";
import { createPayloads } from "./payloads.ts";
import { type Replayed, replay } from "./replay.ts";
import { removeState, replaceState } from "./swap.ts";

export type ReexecuteOptions = { datadir: string; fromPeers: boolean };

/** `damagedFrom`: the first block of which the old state has another hash. */
type Outcome = Replayed & { damagedFrom?: Height };

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Throws DATADIR_LOCKED, REEXECUTE_*, and what reading configuration and stores throws. */
export async function reexecute({ datadir, fromPeers }: ReexecuteOptions): Promise<void> {
  const config = configIn(datadir);
  const spec = readChainSpec(config.genesis);
  const lock = await lockDatadir(config.datadir);
  try {
    guardGenesis(config.datadir, spec.hash);
    if (fromPeers) {
      removeState(config.store, config.datadir);
      say("the state is removed: start the validator, it executes every block again and asks its peers for what it lacks");
    } else await makeAgain(config, spec);
    healFaults(config.datadir, clock.nowMs());
    for (const { path } of standingFaults(config.datadir))
      say(`${path} stands: that is no matter of execution, and the validator goes on refusing`);
  } finally {
    lock.release();
  }
}

async function makeAgain(config: NodeConfig, spec: ChainSpec): Promise<void> {
  const scratch = join(config.datadir, "reexecute");
  const outcome = await executeAll(config, spec, scratch);
  const { height, agreed, damagedFrom } = outcome;
  const damage = await damageOf(config.store, config.datadir, scratch);
  replaceState(config.store, scratch, config.datadir);
  say(`blocks 1 to ${height} executed again: every result that a header carries is the same, the newest that of block ${agreed}`);
  if (damagedFrom !== undefined) say(`the state was damaged: it had another result from block ${damagedFrom} on`);
  else if (damage !== undefined && damage.count > 0) say("the state was damaged, in values that no stored result shows");
  else say(`the old state had the same results${damage === undefined ? "" : " and the same values"}`);
  if (damage !== undefined && damage.count > 0) say(`${damage.count} of its values were others: ${damage.shown.join("; ")}`);
  if (spec.validatorSet(0).members.length === 1) say("no other validator has checked these results: this one is alone");
  say("the new state is in its place: start the validator, it votes again");
}

async function executeAll(config: NodeConfig, spec: ChainSpec, scratch: string): Promise<Outcome> {
  const { datadir, store: engine, inference } = config;
  const { genesis, consensus, validatorSet: setOf } = spec;
  const kv = await openStore(engine, datadir, "chain", Object.values(TABLES), WHOLE);
  const batches = openBatchLog(datadir, logOwnerOf(config, spec.hash));
  const old = await openOldState(engine, datadir, genesis.fork);
  let died = (_: Error) => {};
  const death = new Promise<never>((_, reject) => {
    died = reject;
  });
  death.catch(() => {}); // told by whoever waits
  const worker = { genesis, datadir: scratch, diskReserve: 0, store: engine, inference, execution: config.execution };
  const execution = startExecutionThread(worker, { logger: { log() {} }, onDeath: died });
  let differing = false;
  try {
    const store = createChainStore(kv, (height) => height % consensus.epochLength === 0);
    const tip = store.tip();
    const { result: start } = await Promise.race([execution.start(), death]);
    let at = start.height;
    let damagedFrom: Height | undefined;
    const journal = openPayloadJournal(batches, 0, () => tip);
    const replayed = replay({
      store,
      execution,
      payloads: createPayloads(journal, old.block),
      setOf,
      start,
      executed(result) {
        at = result.height;
        const hash = old.hashOf(at);
        if (hash !== undefined && !equalBytes(hash, result.evmBlockHash)) damagedFrom ??= at;
      },
    });
    const progress = createProgress(process.stderr);
    const done = await progress.during((s) => `executing again: block ${at} of ${tip} ... ${s} s`, Promise.race([replayed, death]));
    differing = done.differs !== undefined;
    if (differing) throw await differs(config, setOf(0).members.length === 1, done, execution);
    return { ...done, damagedFrom };
  } finally {
    await execution.stop();
    await old.close();
    await batches.close();
    await kv.close();
    if (differing) rmSync(scratch, { recursive: true, force: true }); // after an interruption it is gone on with
  }
}

/** Both results to standard output and, with what was executed, to a file. */
async function differs({ datadir }: NodeConfig, alone: boolean, { agreed, differs: found }: Replayed, execution: Reported) {
  const { height, headerHeight, own, notarized } = found as NonNullable<Replayed["differs"]>;
  const path = join(datadir, "diverged", "reexecuted.json");
  const results = { own: printable(own), certified: printable(notarized) };
  const blocks = await reportBlocks(execution, agreed, height);
  writeFault(path, { code: "REEXECUTE_DIFFERS", height, headerHeight, agreed, ...results, blocks });
  say(`executed again: ${JSON.stringify(results.own)}`);
  say(`certified:      ${JSON.stringify(results.certified)}`);
  const message = `block ${height}, executed again, still has another result than the header of block ${headerHeight} carries: ${alone ? "a lone validator's headers carry what its own state was when it made them" : "this code or this machine is wrong, not the state"}; ${path} has both`;
  return reexecuteError("REEXECUTE_DIFFERS", message, { height, headerHeight, path });
}
