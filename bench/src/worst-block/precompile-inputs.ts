/** Inputs of precompiles: points of large order, full-width scalars, signatures that hold. */
import { createPrivateKey, sign as signWith } from "node:crypto";
import { bigIntToBytes, concatBytes, fromHex, u32be } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { signHash } from "@noema/execution/transactions/secp256k1";

const words = (...values: (bigint | number)[]) => concatBytes(...values.map((value) => bigIntToBytes(BigInt(value), 32)));
const fields = (...values: bigint[]) => concatBytes(...values.map((value) => bigIntToBytes(value, 64)));
const random = (seed: number, length: number) =>
  concatBytes(...Array.from({ length: Math.ceil(length / 32) }, (_, i) => sha256(u32be(seed), u32be(i)))).subarray(0, length);

export function recovery(bad: boolean): Bytes {
  const hash = sha256(u32be(1));
  const { signature, yParity } = signHash(hash, sha256(u32be(2)));
  // r at or above the group's order fails at once; one that is no x of a point fails in the middle.
  return concatBytes(hash, words(27 + yParity), bad ? words(5) : signature.subarray(0, 32), signature.subarray(32));
}

/** kind: all ones, an even modulus, an exponent of one bit, an odd modulus at random. */
export function modularExponent(o: { base: number; exponent: number; modulus: number; kind: number }): Bytes {
  const ones = (length: number) => new Uint8Array(length).fill(255);
  const base = o.kind === 3 ? random(1, o.base) : ones(o.base);
  const exponent = ones(o.exponent);
  if (o.kind === 2) exponent.fill(0, 0).set([1], 0);
  const modulus = o.kind === 3 ? random(2, o.modulus).slice() : ones(o.modulus);
  if (modulus.length > 0) modulus[modulus.length - 1] = o.kind === 1 ? 254 : 255;
  return concatBytes(words(o.base, o.exponent, o.modulus), base, exponent, modulus);
}

const BN_P = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const BN_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
/** 2 times the generator. */
const BN_TWO = [
  1368015179489954701390400359078579693043519447331113978918064868415326638035n,
  9918110051302171585080402603319702774565515993150576347155970296011118125764n,
] as const;
/** As the precompile writes it: imaginary parts first. */
const BN_G2 = [
  11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  10857046999023057135944570762232829481370756359578518086990519993285655852781n,
  4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  8495653923123431417604973247489272438418190587263600148770280649306958101930n,
] as const;

export function bnAdd(same: boolean): Bytes {
  return words(1, 2, ...(same ? [1, 2] : BN_TWO));
}

export function bnMul(scalar: number): Bytes {
  return words(...BN_TWO, [(1n << 256n) - 1n, BN_ORDER - 1n, 2n][scalar] as bigint);
}

export function bnPair(index: number): Bytes {
  return words(...(index % 2 === 0 ? [1n, 2n] : [1n, BN_P - 2n]), ...BN_G2);
}

export function blake(rounds: number): Bytes {
  return concatBytes(u32be(rounds), random(3, 64), random(4, 128), random(5, 16), Uint8Array.of(1));
}

const G1 = [
  0x17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bbn,
  0x08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1n,
] as const;
/** The generator's negative. */
const BLS_P = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
const G1_OTHER = [G1[0], BLS_P - G1[1]] as const;
const G2 = [
  0x024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8n,
  0x13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7en,
  0x0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801n,
  0x0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79ben,
] as const;
const G2_OTHER = [G2[0], G2[1], BLS_P - G2[2], BLS_P - G2[3]] as const;

export const g1Add = (same: boolean): Bytes => fields(...G1, ...(same ? G1 : G1_OTHER));
export const g2Add = (same: boolean): Bytes => fields(...G2, ...(same ? G2 : G2_OTHER));
export const g1Term = (i: number): Bytes => concatBytes(fields(...(i % 2 ? G1 : G1_OTHER)), random(10 + i, 32));
export const g2Term = (i: number): Bytes => concatBytes(fields(...(i % 2 ? G2 : G2_OTHER)), random(10 + i, 32));
export const blsPair = (i: number): Bytes => fields(...(i % 2 ? G1 : G1_OTHER), ...G2);

/** kind 1: not below the modulus. */
export function fieldElement(kind: number, count: number): Bytes {
  const value = kind === 1 ? BLS_P : BigInt(`0x${Buffer.from(random(6, 47)).toString("hex")}`);
  return fields(...Array<bigint>(count).fill(value));
}

/** Of the polynomial that is 1 everywhere: its commitment is the generator, its proof the point at infinity. kind 1: of 0. */
export function pointEvaluation(kind: number): Bytes {
  const infinity = new Uint8Array(48);
  infinity[0] = 0xc0;
  const generator = fromHex("0x97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");
  const commitment = kind === 1 ? infinity : generator;
  const hash = sha256(commitment).slice();
  hash[0] = 1;
  return concatBytes(hash, words(12345, kind === 1 ? 0 : 1), commitment, infinity);
}

export function p256(bad: boolean): Bytes {
  const d = Buffer.from(sha256(u32be(77)));
  // RFC 5915 in PKCS 8, without the public key: node derives it.
  const pkcs8 = concatBytes(fromHex("0x304102010030130607"), fromHex("0x2a8648ce3d020106082a8648ce3d030107042730250201010420"), d);
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
  const message = new Uint8Array(32).fill(9);
  const signature = signWith("sha256", message, { key, dsaEncoding: "ieee-p1363" });
  const { x, y } = key.export({ format: "jwk" }) as { x: string; y: string };
  const hash = bad ? keccak256(message) : sha256(message);
  return concatBytes(hash, signature, Buffer.from(x, "base64url"), Buffer.from(y, "base64url"));
}
