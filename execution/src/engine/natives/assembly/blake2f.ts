// BLAKE2b's compression function F (RFC 7693, 3.2) with a number of rounds, as EIP-152 has it.
// Memory: H 64 bytes, the state, in and out; M 128 bytes; T 16 bytes; PLAN 1280 bytes, M in the order of the ten rounds.
import { BLAKE_H, BLAKE_M, BLAKE_PLAN, BLAKE_T } from "./layout";

// prettier-ignore
const SIGMA: StaticArray<u8> = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
];

const IV0: u64 = 0x6a09e667f3bcc908;
const IV1: u64 = 0xbb67ae8584caa73b;
const IV2: u64 = 0x3c6ef372fe94f82b;
const IV3: u64 = 0xa54ff53a5f1d36f1;
const IV4: u64 = 0x510e527fade682d1;
const IV5: u64 = 0x9b05688c2b3e6c1f;
const IV6: u64 = 0x1f83d9abfb41bd6b;
const IV7: u64 = 0x5be0cd19137e2179;

export function blake2f(rounds: u32, last: bool): void {
  for (let i: usize = 0; i < 160; i++)
    store<u64>(BLAKE_PLAN + (i << 3), load<u64>(BLAKE_M + ((unchecked(SIGMA[i as i32]) as usize) << 3)));
  let v0 = load<u64>(BLAKE_H);
  let v1 = load<u64>(BLAKE_H, 8);
  let v2 = load<u64>(BLAKE_H, 16);
  let v3 = load<u64>(BLAKE_H, 24);
  let v4 = load<u64>(BLAKE_H, 32);
  let v5 = load<u64>(BLAKE_H, 40);
  let v6 = load<u64>(BLAKE_H, 48);
  let v7 = load<u64>(BLAKE_H, 56);
  let v8 = IV0;
  let v9 = IV1;
  let v10 = IV2;
  let v11 = IV3;
  let v12 = IV4 ^ load<u64>(BLAKE_T);
  let v13 = IV5 ^ load<u64>(BLAKE_T, 8);
  let v14 = last ? ~IV6 : IV6;
  let v15 = IV7;
  let m: usize = BLAKE_PLAN;
  const end: usize = BLAKE_PLAN + 1280;
  for (let round: u32 = 0; round < rounds; round++) {
    v0 = v0 + v4 + load<u64>(m);
    v1 = v1 + v5 + load<u64>(m, 16);
    v2 = v2 + v6 + load<u64>(m, 32);
    v3 = v3 + v7 + load<u64>(m, 48);
    v12 = rotr<u64>(v12 ^ v0, 32);
    v13 = rotr<u64>(v13 ^ v1, 32);
    v14 = rotr<u64>(v14 ^ v2, 32);
    v15 = rotr<u64>(v15 ^ v3, 32);
    v8 = v8 + v12;
    v9 = v9 + v13;
    v10 = v10 + v14;
    v11 = v11 + v15;
    v4 = rotr<u64>(v4 ^ v8, 24);
    v5 = rotr<u64>(v5 ^ v9, 24);
    v6 = rotr<u64>(v6 ^ v10, 24);
    v7 = rotr<u64>(v7 ^ v11, 24);
    v0 = v0 + v4 + load<u64>(m, 8);
    v1 = v1 + v5 + load<u64>(m, 24);
    v2 = v2 + v6 + load<u64>(m, 40);
    v3 = v3 + v7 + load<u64>(m, 56);
    v12 = rotr<u64>(v12 ^ v0, 16);
    v13 = rotr<u64>(v13 ^ v1, 16);
    v14 = rotr<u64>(v14 ^ v2, 16);
    v15 = rotr<u64>(v15 ^ v3, 16);
    v8 = v8 + v12;
    v9 = v9 + v13;
    v10 = v10 + v14;
    v11 = v11 + v15;
    v4 = rotr<u64>(v4 ^ v8, 63);
    v5 = rotr<u64>(v5 ^ v9, 63);
    v6 = rotr<u64>(v6 ^ v10, 63);
    v7 = rotr<u64>(v7 ^ v11, 63);
    v0 = v0 + v5 + load<u64>(m, 64);
    v1 = v1 + v6 + load<u64>(m, 80);
    v2 = v2 + v7 + load<u64>(m, 96);
    v3 = v3 + v4 + load<u64>(m, 112);
    v15 = rotr<u64>(v15 ^ v0, 32);
    v12 = rotr<u64>(v12 ^ v1, 32);
    v13 = rotr<u64>(v13 ^ v2, 32);
    v14 = rotr<u64>(v14 ^ v3, 32);
    v10 = v10 + v15;
    v11 = v11 + v12;
    v8 = v8 + v13;
    v9 = v9 + v14;
    v5 = rotr<u64>(v5 ^ v10, 24);
    v6 = rotr<u64>(v6 ^ v11, 24);
    v7 = rotr<u64>(v7 ^ v8, 24);
    v4 = rotr<u64>(v4 ^ v9, 24);
    v0 = v0 + v5 + load<u64>(m, 72);
    v1 = v1 + v6 + load<u64>(m, 88);
    v2 = v2 + v7 + load<u64>(m, 104);
    v3 = v3 + v4 + load<u64>(m, 120);
    v15 = rotr<u64>(v15 ^ v0, 16);
    v12 = rotr<u64>(v12 ^ v1, 16);
    v13 = rotr<u64>(v13 ^ v2, 16);
    v14 = rotr<u64>(v14 ^ v3, 16);
    v10 = v10 + v15;
    v11 = v11 + v12;
    v8 = v8 + v13;
    v9 = v9 + v14;
    v5 = rotr<u64>(v5 ^ v10, 63);
    v6 = rotr<u64>(v6 ^ v11, 63);
    v7 = rotr<u64>(v7 ^ v8, 63);
    v4 = rotr<u64>(v4 ^ v9, 63);
    m += 128;
    if (m == end) m = BLAKE_PLAN;
  }
  store<u64>(BLAKE_H, load<u64>(BLAKE_H) ^ v0 ^ v8);
  store<u64>(BLAKE_H, load<u64>(BLAKE_H, 8) ^ v1 ^ v9, 8);
  store<u64>(BLAKE_H, load<u64>(BLAKE_H, 16) ^ v2 ^ v10, 16);
  store<u64>(BLAKE_H, load<u64>(BLAKE_H, 24) ^ v3 ^ v11, 24);
  store<u64>(BLAKE_H, load<u64>(BLAKE_H, 32) ^ v4 ^ v12, 32);
  store<u64>(BLAKE_H, load<u64>(BLAKE_H, 40) ^ v5 ^ v13, 40);
  store<u64>(BLAKE_H, load<u64>(BLAKE_H, 48) ^ v6 ^ v14, 48);
  store<u64>(BLAKE_H, load<u64>(BLAKE_H, 56) ^ v7 ^ v15, 56);
}
