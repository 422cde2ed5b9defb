/** The validators of a devnet that `nodes.ts` started: their addresses, and what ends one and starts it again. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../harness/processes.ts";
import type { Net } from "../random/world.ts";
import { type RunningNode, rpc } from "./nodes.ts";

type Validator = { pid: number; rpcUrl: string; command: string };

export function validatorsOf({ folder }: RunningNode): Net {
  const { validators } = JSON.parse(readFileSync(join(folder, "devnet.json"), "utf8")) as { validators: Validator[] };
  const pids = validators.map((x) => x.pid);
  return {
    rpcUrls: validators.map((x) => x.rpcUrl),
    async kill(index) {
      const pid = pids[index] as number;
      process.kill(pid, "SIGKILL");
      while (isAlive(pid)) await sleep(20);
    },
    async restart(index) {
      const { command, rpcUrl } = validators[index] as Validator;
      const child = spawn("sh", ["-c", `exec ${command}`], { stdio: "ignore" });
      pids[index] = child.pid as number;
      while (!(await isAnswering(rpcUrl))) {
        if (child.exitCode !== null) throw new Error(`validator ${index} did not come back: exit code ${child.exitCode}`);
        await sleep(50);
      }
    },
  };
}

function isAnswering(url: string): Promise<boolean> {
  return rpc(url, "eth_chainId").then(
    () => true,
    () => false,
  );
}
