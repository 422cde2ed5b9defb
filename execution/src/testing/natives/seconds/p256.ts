/** ECDSA on P-256 (0x100) by OpenSSL. */
import { createECDH, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { bigIntToBytes, bytesToBigInt, concatBytes } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { P256 } from "../../../engine/natives/curves/curves.ts";
import { fails, type Native, NOTHING, returns } from "../../../engine/natives/outcome.ts";
import { pick, scalar, spoiled, word } from "../bytes.ts";
import type { Second } from "./known.ts";

/** OpenSSL verifies no hash that is given: the input's is one of a message that is remembered, and where it is another nothing is asked. */
export function p256(random: SeededRandom): Second {
  const keys = Array.from({ length: 32 }, () => keyPair(random));
  const messages = new Map<string, Bytes>();
  const name = (bytes: Bytes) => bytesToBigInt(bytes).toString(36);
  const make = () => {
    const [message, key] = [random.bytes(8), pick(random, keys)];
    const hash = sha256(message);
    messages.clear();
    messages.set(name(hash), message);
    const signature = new Uint8Array(sign("sha256", message, { key: key.privateKey, dsaEncoding: "ieee-p1363" }));
    if (random.chance(0.3)) signature.set(word(P256.order - bytesToBigInt(signature.subarray(32))), 32); // as good
    if (random.chance(0.05)) signature.set(scalar(random, P256.order), pick(random, [0, 32]));
    const data = concatBytes(hash, signature, random.chance(0.05) ? pick(random, keys).point : key.point);
    if (!random.chance(0.2)) return data;
    const tail = spoiled(random, data.subarray(32)); // the hash stays
    return concatBytes(hash, tail);
  };
  const reference: Native = ({ data, gasLimit }) => {
    if (gasLimit < 6_900n) return fails(gasLimit, "OUT_OF_GAS");
    const message = data.length === 160 ? messages.get(name(data.subarray(0, 32))) : undefined;
    return returns(6_900n, message !== undefined && openSslVerifies(message, data) ? word(1) : NOTHING);
  };
  return { reference, make };
}

function openSslVerifies(message: Bytes, data: Bytes): boolean {
  try {
    const key = createPublicKey({ key: jwk(data.subarray(96)), format: "jwk" });
    return verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, data.subarray(32, 96));
  } catch {
    return false; // no point of the curve
  }
}

function keyPair(random: SeededRandom) {
  const key = createECDH("prime256v1");
  key.setPrivateKey(bigIntToBytes(1n + (bytesToBigInt(random.bytes(32)) % (P256.order - 1n)), 32));
  const point = new Uint8Array(key.getPublicKey()).subarray(1);
  const d = key.getPrivateKey().toString("base64url");
  return { point, privateKey: createPrivateKey({ key: { ...jwk(point), d }, format: "jwk" }) };
}

function jwk(point: Bytes) {
  const coordinate = (at: number) => Buffer.from(point.subarray(at, at + 32)).toString("base64url");
  return { kty: "EC", crv: "P-256", x: coordinate(0), y: coordinate(32) };
}
