import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { keccak256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { recoverPublicKey, signHash } from "../../transactions/secp256k1.ts";

/** A process in which the native add-on cannot be loaded, as on a platform without a prebuild and a compiler. */
const program = (run: string) => `
import { registerHooks } from "node:module";
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === "secp256k1/bindings.js") throw new Error("No native build was found");
    return next(specifier, context);
  },
});
try {
  const { customCrypto } = await import(${JSON.stringify(join(import.meta.dirname, "crypto.ts"))});
  process.stdout.write(${run});
} catch (error) {
  process.stdout.write(String(error.code));
}`;

function runWithoutAddOn(run: string, env: Record<string, string>): string {
  const args = ["--input-type=module", "-e", program(run)];
  return spawnSync(process.execPath, args, { encoding: "utf8", env: { ...process.env, ...env } }).stdout;
}

it("runs slowly without the add-on where NOEMA_SLOW_RECOVERY=1 says so, and else names that way out", () => {
  const hash = keccak256(new Uint8Array(1));
  const { signature, yParity } = signHash(hash, new Uint8Array(32).fill(7));
  const [h, r, s] = [hash, signature.subarray(0, 32), signature.subarray(32)].map((x) => `Uint8Array.of(${x.join()})`);
  const run = `customCrypto.ecrecover(${h}, ${yParity}n, ${r}, ${s}).join()`;
  expect(runWithoutAddOn(run, { NOEMA_SLOW_RECOVERY: "1" })).toBe(recoverPublicKey(hash, signature, yParity).join());
  expect(runWithoutAddOn(run, { NOEMA_SLOW_RECOVERY: "" })).toBe("TX_RECOVERY_NOT_NATIVE");
});
