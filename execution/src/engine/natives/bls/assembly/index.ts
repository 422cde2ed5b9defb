export { map } from "./maps";
export { begin, isOne, miller } from "./pairing";
export { read, write } from "./points";
export { accumulate, clear, sum } from "./sums";
