/** For Hardhat's tests, and any client of a simulator that has `hardhat_setCode`: models answer from what `noema model run --record` wrote. */
import { readFileSync } from "node:fs";

const MODEL_INFO = `0x${"0a00".padStart(40, "0")}`;
const INFER = `0x${"0a01".padStart(40, "0")}`;
/** keccak256("noema.inference.record") */
const RECORD = "0x1d88282c6bb6b1e6abe2a2b035c25b2ede52a3b88db4120867f46efbacbbde77";

const artifact = new URL("../artifacts/RecordedInference.json", import.meta.url);

/** `provider`: of the connection, `(await network.create()).provider`. */
export async function installRecording(provider, { model, info, inputs, outputs }) {
  const request = (method, ...params) => provider.request({ method, params });
  const { deployedBytecode } = JSON.parse(readFileSync(artifact, "utf8"));
  for (const at of [MODEL_INFO, INFER]) await request("hardhat_setCode", at, deployedBytecode);
  const [from] = await request("eth_accounts");
  const record = async (to, call, output) => {
    const hash = await request("eth_sendTransaction", { from, to, data: encoded(call, output) });
    const receipt = await request("eth_getTransactionReceipt", hash);
    if (receipt?.status !== "0x1") throw new Error("a recorded answer was not stored: does this network mine at once?");
  };
  await record(MODEL_INFO, model, info);
  for (const [i, input] of inputs.entries()) await record(INFER, model + input.slice(2), outputs[i]);
}

/** abi.encode(RECORD, call, output) */
function encoded(call, output) {
  const [a, b] = [call, output].map((hex) => hex.slice(2));
  const padded = (digits) => digits.padEnd(Math.ceil(digits.length / 64) * 64, "0");
  const word = (n) => n.toString(16).padStart(64, "0");
  return `${RECORD}${word(96)}${word(96 + 32 + padded(a).length / 2)}${word(a.length / 2)}${padded(a)}${word(b.length / 2)}${padded(b)}`;
}
