export { map } from "./maps";
export { begin, isOne, miller } from "./pairing";
export { read, write } from "./points";
export { accumulate, clear, sum } from "./sums";
// For the tests alone.
export { fpInverse } from "./fp-inverse";
export { fp2Mul, fp2Sqr, fpMul, fpSqr } from "./products";
