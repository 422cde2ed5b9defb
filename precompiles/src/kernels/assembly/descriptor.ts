// One operator as 32 words of int32; written by ../../backend/wasm-plan.ts, which has the same list.
// Addresses are byte offsets into linear memory. After every tensor and the scratch area lie 16 bytes that may be overwritten.

@inline export const WORDS: usize = 32;

@inline export function kind(d: usize): i32 { return load<i32>(d); }
@inline export function x(d: usize): usize { return load<u32>(d, 4); }
@inline export function other(d: usize): usize { return load<u32>(d, 8); }
@inline export function y(d: usize): usize { return load<u32>(d, 12); }
@inline export function height(d: usize): i32 { return load<i32>(d, 16); }
@inline export function width(d: usize): i32 { return load<i32>(d, 20); }
@inline export function channels(d: usize): i32 { return load<i32>(d, 24); }
@inline export function outHeight(d: usize): i32 { return load<i32>(d, 28); }
@inline export function outWidth(d: usize): i32 { return load<i32>(d, 32); }
@inline export function outChannels(d: usize): i32 { return load<i32>(d, 36); }
@inline export function kernelY(d: usize): i32 { return load<i32>(d, 40); }
@inline export function kernelX(d: usize): i32 { return load<i32>(d, 44); }
@inline export function strideY(d: usize): i32 { return load<i32>(d, 48); }
@inline export function strideX(d: usize): i32 { return load<i32>(d, 52); }
@inline export function padTop(d: usize): i32 { return load<i32>(d, 56); }
@inline export function padLeft(d: usize): i32 { return load<i32>(d, 60); }
@inline export function zeroX(d: usize): i32 { return load<i32>(d, 64); }
@inline export function zeroOther(d: usize): i32 { return load<i32>(d, 68); }
@inline export function zeroY(d: usize): i32 { return load<i32>(d, 72); }
@inline export function weights(d: usize): usize { return load<u32>(d, 76); }
@inline export function bias(d: usize): usize { return load<u32>(d, 80); }
@inline export function multipliers(d: usize): usize { return load<u32>(d, 84); }
@inline export function shift(d: usize): i32 { return load<i32>(d, 88); }
@inline export function lo(d: usize): i32 { return load<i32>(d, 92); }
@inline export function hi(d: usize): i32 { return load<i32>(d, 96); }
@inline export function scratch(d: usize): usize { return load<u32>(d, 100); }
@inline export function chunkRows(d: usize): i32 { return load<i32>(d, 104); }
/** Inner dimension rounded up to 8. */
@inline export function paddedK(d: usize): i32 { return load<i32>(d, 108); }
@inline export function multiplierA(d: usize): i32 { return load<i32>(d, 112); }
@inline export function multiplierB(d: usize): i32 { return load<i32>(d, 116); }
/** Elements, or rows of an argmax. */
@inline export function count(d: usize): i32 { return load<i32>(d, 120); }
