/** `noema network register`. */
import { createProgress } from "../../cli/progress.ts";
import { systemClock } from "../../clock.ts";
import { writeJson } from "../../files/write-file.ts";
import { chosenKey, openKey } from "../../keys/key-folder.ts";
import { loadPeerKey } from "../../keys/peer-key.ts";
import { networkError } from "../errors.ts";
import { checkSaid, makeRegistration, parseRegistration } from "../registration.ts";

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
  const key = chosenKey(choice);
  const peer = `${address.replace(/\/+$/, "")}/p2p/${(await loadPeerKey(datadir)).id}`;
  const about = { name, feeAddress: feeAddress.toLowerCase(), peer };
  checkSaid(about); // the password takes seconds
  const { addr } = await import("micro-eth-signer");
  if (!addr.isValid(feeAddress))
    throw networkError(
      "REGISTRATION_INVALID",
      `feeAddress: ${feeAddress} does not fit its capital letters (EIP-55's checksum): a digit is wrong`,
    );
  const { say, during } = createProgress();
  const secretKey = await during((s) => `opening ${key.path} ... ${s} s`, openKey(key, choice));
  const madeAt = new Date(Math.floor(systemClock.nowMs() / 1000) * 1000).toISOString();
  const made = makeRegistration(secretKey, { ...about, madeAt });
  writeJson(out, parseRegistration(made, out));
  say(`${made.publicKey} at ${made.peer} is registered in ${out}: hand it to whoever makes the network's file`);
}
