/** Exactly n bytes that do not overlap: a call of memory.copy takes longer than most runs. */
@inline
export function copy(to: usize, from: usize, n: i32): void {
  if (n > 512) {
    memory.copy(to, from, n);
    return;
  }
  for (; n >= 16; n -= 16) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  if (n & 8) {
    store<u64>(to, load<u64>(from));
    from += 8;
    to += 8;
  }
  if (n & 4) {
    store<u32>(to, load<u32>(from));
    from += 4;
    to += 4;
  }
  if (n & 2) {
    store<u16>(to, load<u16>(from));
    from += 2;
    to += 2;
  }
  if (n & 1) store<u8>(to, load<u8>(from));
}
