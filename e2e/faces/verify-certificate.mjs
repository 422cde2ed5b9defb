// node e2e/faces/verify-certificate.mjs URL HEIGHT: did more than 2/3 of the stake sign the state root of HEIGHT (or of one above)?
import { createHash } from "node:crypto";
import { aggregatePublicKeys, PublicKey, Signature, verify } from "@chainsafe/blst";

const bytes = (hex) => Buffer.from(hex.slice(2), "hex");
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const u64 = (hex) => Buffer.from(new BigUint64Array([BigInt(hex)]).buffer);
const sum = (weights) => weights.reduce((a, b) => a + BigInt(b), 0n);
const STATE_ROOT = 122; // position of exec.stateRoot among the 256 leaves of the header's hash tree
export function isFinal({ genesisHash, certificate: c, stateRootProof: { leaf, branch }, publicKeys, weights }) {
  const headerHash = branch.reduce((x, y, i) => ((STATE_ROOT >> i) & 1 ? sha256(bytes(y), x) : sha256(x, bytes(y))), bytes(leaf));
  const message = sha256(sha256(Buffer.from("noema/1/finalize"), bytes(genesisHash)), u64(c.epoch), u64(c.view), headerHash);
  const signed = (_, i) => bytes(c.bitmap)[i >> 3] & (1 << (i & 7));
  if (branch.length !== 8 || 3n * sum(weights.filter(signed)) <= 2n * sum(weights)) return false;
  const keys = publicKeys.filter(signed).map((key) => PublicKey.fromHex(key, true));
  return verify(message, aggregatePublicKeys(keys), Signature.fromHex(c.signature, true));
}
const [, file, url, height] = process.argv;
const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "noema_finality", params: [`0x${Number(height).toString(16)}`] });
if (file === import.meta.filename)
  console.log(isFinal((await (await fetch(url, { method: "POST", body })).json()).result) ? "final" : "NOT");
