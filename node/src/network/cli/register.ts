/** `noema network register`. */
import { systemClock } from "../../clock.ts";
import { writeJson } from "../../files/write-file.ts";
import { chosenKey, openKey } from "../../keys/key-folder.ts";
import { loadPeerKey } from "../../keys/peer-key.ts";
import { makeRegistration, parseRegistration } from "../registration.ts";

export type RegisterOptions = {
  datadir: string;
  name: string;
  address: string;
  feeAddress: string;
  out: string;
  key?: string;
  passwordFile?: string;
};

export async function register({
  datadir,
  name,
  address,
  feeAddress,
  out,
  key: validatorKey,
  passwordFile,
}: RegisterOptions): Promise<void> {
  const choice = { datadir, validatorKey, passwordFile };
  const { id } = await loadPeerKey(datadir);
  const secretKey = await openKey(chosenKey(choice), choice);
  const madeAt = new Date(Math.floor(systemClock.nowMs() / 1000) * 1000).toISOString();
  const made = makeRegistration(secretKey, {
    name,
    feeAddress: feeAddress.toLowerCase(),
    peer: `${address.replace(/\/+$/, "")}/p2p/${id}`,
    madeAt,
  });
  writeJson(out, parseRegistration(made, out));
  process.stdout.write(`${made.publicKey} at ${made.peer} is registered in ${out}: hand it to whoever makes the network's file\n`);
}
