import { rpcError } from "../errors.ts";

/** Bytes [from, to) of a resource of `size` bytes. */
export type ByteRange = { from: number; to: number };

/**
 * One range of RFC 9110 14.1; undefined, all of it, when there is none, or it is malformed, of another unit, or several (14.2 lets a server
 * ignore them). Throws RPC_RANGE_INVALID when nothing of it exists.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header ?? "");
  const [first, last] = [match?.[1] ?? "", match?.[2] ?? ""];
  if (match === null || (first === "" && last === "")) return undefined;
  if (first !== "" && last !== "" && BigInt(last) < BigInt(first)) return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (from >= to) throw rpcError("RPC_RANGE_INVALID", `range ${header} of ${size} bytes`, { size });
  return { from, to };
}
