/** What a certificate costs on an L1, by the number of validators: `NOEMA_GAS_TABLE=1` prints docs/protocol/settlement.md's table. */
import { to0x, utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { availabilityBody } from "@noema/core/types/availability";
import { expect, it } from "vitest";
import { l1Certificate, l1Members } from "./l1-forms.ts";
import { createChain } from "./testing/chain.ts";
import { certify, createKeyed, finalizeBody, GENESIS_HASH, headerAt } from "./testing/validators.ts";

const BLOB = { epoch: 0, publisher: 2, seq: 9, refHeight: 185, bytes: 4096, gasLimitSum: 0n, expiry: 9000, id: sha256(utf8("blob")) };
const told = { epoch: 0n, publisher: 2n, seq: 9n, refHeight: 185n, size: 4096n, gasLimitSum: 0n, expiry: 9000n, id: to0x(BLOB.id) };

/** Of a set of n equal validators, by as few as make a quorum. */
async function gasOf(n: number, fork: "prague" | "osaka") {
  const keyed = createKeyed(
    Array.from({ length: n }, () => 1n),
    `${n}`,
  );
  const signers = Array.from({ length: Math.floor((2 * n) / 3) + 1 }, (_, i) => i);
  const head = await (await createChain(fork)).deploy("NoemaHead", to0x(GENESIS_HASH), to0x(keyed.set.hash));
  const { gas: register } = await head.call("registerSet", to0x(l1Members(keyed.set)));
  const form = (certificate: ReturnType<typeof certify>) => {
    const { bitmap, signature } = l1Certificate(certificate);
    return { bitmap: to0x(bitmap), signature: to0x(signature) };
  };
  const { gas: verify } = await head.call("checkDaCertificate", told, form(certify(keyed, signers, "blob", availabilityBody(BLOB))));
  const { ssz, hash } = headerAt(10, keyed.set);
  const { gas: update } = await head.call("update", to0x(ssz), 13n, form(certify(keyed, signers, "finalize", finalizeBody(0, 13, hash))));
  return { n, fork, signers: signers.length, verify, update, register };
}

it.each([
  [4, 200_000],
  [140, 260_000],
])("%i validators: at most %i gas a certificate", async (n, most) => {
  const { verify, update, register } = await gasOf(n, "prague");
  process.stdout.write(
    `  ${n} validators: ${verify} gas a certificate, ${update} an update with its four slots, ${register} a registration\n`,
  );
  expect(verify).toBeLessThanOrEqual(most);
});

it.skipIf(process.env.NOEMA_GAS_TABLE === undefined)("the table", async () => {
  for (const n of [4, 67, 100, 140, 200])
    for (const fork of ["prague", "osaka"] as const) process.stdout.write(`  ${JSON.stringify(await gasOf(n, fork))}\n`);
});
