export { combine, evaluate, factors, interpolate } from "./columns";
export { evaluateRow, prepare, weigh } from "./rows";
// For the tests alone.
export { write } from "./element";
export { accumulate, mul, reduce } from "./products";
export { transform } from "./transform";
