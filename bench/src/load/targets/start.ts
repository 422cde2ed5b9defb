/** A target by what the command line says. */

import { fromHex } from "@noema/core/bytes";
import { coreError } from "@noema/core/errors";
import type { Progress } from "@noema/node/cli/progress";
import { foreignTarget } from "./foreign.ts";
import { requirePeer } from "./install.ts";
import { startNoema } from "./noema.ts";
import { startAnvil, startHardhat } from "./peers.ts";
import type { Target } from "./target.ts";

export type TargetOptions = {
  target: "noema" | "anvil" | "hardhat";
  url?: string;
  observe?: string;
  key?: string;
  pid?: number;
  validators: number;
  noema: string;
  waitSend: boolean;
  flags: string;
  syncDelayMs: number;
};

export async function startTarget(o: TargetOptions, progress: Progress): Promise<Target> {
  const { url, observe, pid, validators } = o;
  if (url !== undefined) {
    const key = o.key ?? process.env.NOEMA_BENCH_KEY;
    if (key === undefined)
      throw coreError("ARGUMENT_INVALID", "--url: the secret key of an account that pays is expected in NOEMA_BENCH_KEY, or by --key");
    return foreignTarget({ urls: url.split(","), observe, funder: fromHex(key, 32), pid });
  }
  if (o.target === "noema") {
    const flags = o.flags.split(" ").filter(Boolean);
    const starting = startNoema({ checkout: o.noema, validators, asyncSend: !o.waitSend, flags, syncDelayMs: o.syncDelayMs });
    return progress.during((s) => `starting a devnet of ${validators} ... ${s} s`, starting);
  }
  const path = await requirePeer(o.target, progress);
  return progress.during((s) => `starting ${o.target} ... ${s} s`, (o.target === "anvil" ? startAnvil : startHardhat)(path));
}
