/**
 * For tests: what the point evaluation was before engine/natives/point-evaluation.ts, by the library's noble curves.
 * The point evaluation of EIP-4844 (precompile 0x0a) without a trusted set-up file: it needs one point of it, [tau]G2.
 * verify(C, z, y, P): e(C - [y]G1 + [z]P, -G2) . e(P, [tau]G2) = 1. Group checks are those of the library's EIP-2537 operations.
 */
import { NobleBLS } from "@ethereumjs/evm";
import type { KZG } from "@ethereumjs/util";
import { bigIntToBytes, bytesToBigInt, concatBytes, fromHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

const P = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
const R = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
const G1 = [
  0x17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bbn,
  0x08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1n,
] as const;
/** x.c0, x.c1, y.c0, y.c1 */
const G2 = [
  0x024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8n,
  0x13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7en,
  0x0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801n,
  0x0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79ben,
] as const;
/** Second G2 point of Ethereum's ceremony, compressed. */
const TAU_G2 =
  "b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2";

/** The word by which @ethereumjs/evm tells invalid input from a failure of its own. */
const BAD = "C_KZG_BADARGS";

function bad(what: string): Error {
  return new Error(`${BAD}: ${what}`);
}

export function createPointEvaluation(): KZG {
  const refuse = () => {
    throw new Error("execution holds no KZG set-up: blobs are the data layer's");
  };
  let tauG2: Bytes | undefined;
  const bls = new NobleBLS();
  return {
    verifyProof(commitmentHex, zHex, yHex, proofHex) {
      const z = bytesToBigInt(fromHex(zHex, 32));
      const y = bytesToBigInt(fromHex(yHex, 32));
      if (z >= R || y >= R) throw bad("a field element is not below the modulus");
      const commitment = decompressG1(fromHex(commitmentHex, 48));
      const proof = decompressG1(fromHex(proofHex, 48));
      tauG2 ??= decompressG2(fromHex(TAU_G2, 96));
      try {
        const term = (point: Bytes, scalar: bigint) => concatBytes(point, bigIntToBytes(scalar, 32));
        const left = bls.msmG1(concatBytes(term(commitment, 1n), term(encode(...G1), (R - y) % R), term(proof, z)));
        const pairs = concatBytes(left, encode(G2[0], G2[1], P - G2[2], P - G2[3]), proof, tauG2);
        return (bls.pairingCheck(pairs)[31] as number) === 1;
      } catch (error) {
        throw bad(error instanceof Error ? error.message : String(error));
      }
    },
    blobToKzgCommitment: refuse,
    computeBlobProof: refuse,
    verifyBlobProofBatch: refuse,
    computeCells: refuse,
    computeCellsAndProofs: refuse,
    recoverCellsAndProofs: refuse,
    verifyCellKzgProofBatch: refuse,
  };
}

/** Coordinates as EIP-2537 writes them: 64 bytes each. */
function encode(...coordinates: bigint[]): Bytes {
  return concatBytes(...coordinates.map((c) => bigIntToBytes(c, 64)));
}

/** ZCash's compressed form: three flag bits, then x. The infinity point is 128 zero bytes in EIP-2537. */
function decompressG1(bytes: Bytes): Bytes {
  const flags = (bytes[0] as number) >> 5;
  const x = bytesToBigInt(bytes) & ((1n << 381n) - 1n);
  if ((flags & 4) === 0) throw bad("a point is not compressed");
  if (flags & 2) {
    if (x !== 0n || flags & 1) throw bad("infinity is not in its one form");
    return new Uint8Array(128);
  }
  if (x >= P) throw bad("a coordinate is not below the modulus");
  const square = (x * x * x + 4n) % P;
  const y = power(square, (P + 1n) / 4n);
  if ((y * y) % P !== square) throw bad("a point is not on the curve");
  return encode(x, y > P / 2n === ((flags & 1) === 1) ? y : P - y);
}

/** Of the constant alone: by complex square root in Fp2. */
function decompressG2(bytes: Bytes): Bytes {
  const x1 = bytesToBigInt(bytes.subarray(0, 48)) & ((1n << 381n) - 1n);
  const x0 = bytesToBigInt(bytes.subarray(48));
  const mod = (n: bigint) => ((n % P) + P) % P;
  const multiply = ([a0, a1]: [bigint, bigint], [b0, b1]: [bigint, bigint]): [bigint, bigint] => [
    mod(a0 * b0 - a1 * b1),
    mod(a0 * b1 + a1 * b0),
  ];
  const x: [bigint, bigint] = [x0, x1];
  const [c0, c1] = multiply(multiply(x, x), x);
  const [a, b] = [mod(c0 + 4n), mod(c1 + 4n)];
  const norm = power(mod(a * a + b * b), (P + 1n) / 4n);
  const half = power(2n, P - 2n);
  let real = power(mod((a + norm) * half), (P + 1n) / 4n);
  if (mod(real * real) !== mod((a + norm) * half)) real = power(mod((a - norm) * half), (P + 1n) / 4n);
  const imaginary = mod(b * power(mod(2n * real), P - 2n));
  const larger = imaginary > P / 2n;
  const wanted = ((bytes[0] as number) & 0x20) !== 0;
  return larger === wanted ? encode(x0, x1, real, imaginary) : encode(x0, x1, mod(-real), mod(-imaginary));
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % P;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
