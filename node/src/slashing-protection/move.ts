/** A key leaves a data directory, or comes to one, with what it may have signed. The lock is held, so that no node signs meanwhile. */
import { existsSync } from "node:fs";
import { openVoteLog } from "@noema/consensus/log/vote-log";
import { barUpTo, watermarkOf } from "@noema/consensus/log/watermark";
import { fromHex } from "@noema/core/bytes";
import { configIn } from "../cli/config-in.ts";
import { fileError } from "../files/file-error.ts";
import { readJson } from "../files/read-json.ts";
import { writeJson } from "../files/write-file.ts";
import { chosenKey } from "../keys/key-folder.ts";
import { lockDatadir } from "../store/datadir-lock.ts";
import { guardGenesis } from "../store/genesis-guard.ts";
import type { LogOwner } from "../store/log-owner.ts";
import { readChainSpec } from "../wiring/genesis.ts";
import { loseDataLogs, openVotesOf } from "../wiring/storage.ts";
import { interchangeOf, type Watermark, watermarksIn } from "./interchange.ts";
import { markKnown, markMoved } from "./moved.ts";

export type Place = { datadir: string; key?: string | undefined };
type Opened = { datadir: string; publicKey: string; owner: LogOwner };

const shown = (x: Watermark) => `epoch ${x.epoch}, view ${x.view}`;

async function withKey<T>({ datadir, key }: Place, f: (opened: Opened) => Promise<T>): Promise<T> {
  const config = configIn(datadir);
  const { hash } = readChainSpec(config.genesis);
  const lock = await lockDatadir(config.datadir);
  try {
    guardGenesis(config.datadir, hash);
    const { publicKey } = chosenKey({ ...config, ...(key && { validatorKey: key }) });
    return await f({ datadir: config.datadir, publicKey, owner: { genesisHash: hash, publicKey: fromHex(publicKey, 48) } });
  } finally {
    lock.release();
  }
}

/** From here on the directory's key is refused there. Throws CONSENSUS_LOG_LOST, FILE_UNWRITABLE, and what opening the directory throws. */
export function exportProtection(place: Place, out: string): Promise<string> {
  if (existsSync(out)) throw fileError("FILE_UNWRITABLE", out, { code: "EEXIST" });
  return withKey(place, async ({ datadir, publicKey, owner }) => {
    const log = openVotesOf(datadir, owner);
    try {
      const watermark = watermarkOf(log, openVoteLog(log, owner.genesisHash));
      const exported = interchangeOf(owner.genesisHash, publicKey, watermark);
      markMoved(datadir, publicKey, exported); // first: what is out may be used
      writeJson(out, exported, 0o600);
      return `${publicKey} signed up to ${watermark ? shown(watermark) : "nothing yet"}: ${out}; ${datadir} does not start with it any more`;
    } finally {
      await log.close();
    }
  });
}

/** Throws INTERCHANGE_*, CONSENSUS_LOG_LOST, and what opening the directory throws. */
export function importProtection(place: Place, file: string): Promise<string> {
  return withKey(place, async ({ datadir, publicKey, owner }) => {
    const watermarks = watermarksIn(readJson(file), file, owner.genesisHash, publicKey);
    const log = openVotesOf(datadir, owner);
    try {
      for (const watermark of watermarks) await barUpTo(log, openVoteLog(log, owner.genesisHash), watermark);
    } finally {
      await log.close();
    }
    loseDataLogs(datadir, owner); // headers of batches and blobs that it signed elsewhere are in no log here
    markKnown(datadir, publicKey);
    const barred = watermarks.map((x) => `votes in no round up to ${shown(x)}`);
    return `${publicKey} ${barred.join(", ") || "has signed nothing yet"}, and signs no batch or blob of an epoch that it may have signed in`;
  });
}
