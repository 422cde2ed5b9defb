/**
 * Between a launcher and the launcher that it runs under another Node: a pipe on which nothing is said. Whoever kills the one that the shell
 * or a supervisor knows ends the other too, which would sign on unseen and keep its data directory locked.
 */
import { Socket } from "node:net";

const FD = 3;
const VARIABLE = "NOEMA_LIFELINE";

/** What the first gives to `spawn`. */
export const LIFELINE = { stdio: ["inherit", "inherit", "inherit", "pipe"], env: { [VARIABLE]: "1" } };

/** The second holds on to it. */
export function holdLifeline() {
  if (process.env[VARIABLE] === undefined) return;
  delete process.env[VARIABLE]; // our own children have other files there
  const line = new Socket({ fd: FD }).resume().unref();
  line.once("error", () => {}).once("close", () => process.kill(process.pid, "SIGKILL"));
}
