/** A target by what the command line says. */

import { fromHex } from "@noema/core/bytes";
import { coreError } from "@noema/core/errors";
import type { Progress } from "@noema/node/cli/progress";
import { createClient } from "../observe/client.ts";
import { foreignTarget } from "./foreign.ts";
import { requirePeer } from "./install.ts";
import { startNoema } from "./noema.ts";
import { startAnvil, startHardhat } from "./peers.ts";
import type { Target } from "./target.ts";

export type TargetOptions = {
  target: "noema" | "anvil" | "hardhat";
  url?: string[];
  observe?: string;
  pid?: number;
  validators: number;
  noema: string;
  waitSend: boolean;
  flags: string;
  syncDelayMs: number;
  forge?: number;
};

/** Throws where nothing answers, and ARGUMENT_INVALID where something is missing: before anything is started. */
export async function checkForeign({ url = [], observe }: TargetOptions): Promise<void> {
  for (const at of [...url, ...(observe === undefined ? [] : [observe])]) (await createClient(at)).close();
  const invalid = (words: string) => coreError("ARGUMENT_INVALID", words);
  if (observe !== undefined && url.length === 0) throw invalid("--observe: it goes with --url");
  if (url.length > 0 && process.env.NOEMA_BENCH_KEY === undefined)
    throw invalid("--url: NOEMA_BENCH_KEY is expected to have the secret key of an account that pays");
}

export async function startTarget(o: TargetOptions, progress: Progress): Promise<Target> {
  const { url, observe, pid, validators } = o;
  if (url !== undefined) return foreignTarget({ urls: url, observe, funder: fromHex(process.env.NOEMA_BENCH_KEY as string, 32), pid });
  if (o.target === "noema") {
    const flags = o.flags.split(" ").filter(Boolean);
    const starting = startNoema({
      checkout: o.noema,
      validators,
      asyncSend: !o.waitSend,
      flags,
      syncDelayMs: o.syncDelayMs,
      turned: o.forge !== undefined,
    });
    return progress.during((s) => `starting a devnet of ${validators} ... ${s} s`, starting);
  }
  const path = await requirePeer(o.target, progress);
  return progress.during((s) => `starting ${o.target} ... ${s} s`, (o.target === "anvil" ? startAnvil : startHardhat)(path));
}
