/** Random EIP-712 documents as a client sends them: nested and recursive structs, arrays of arrays, every kind of atom. */
import fc from "fast-check";

type Field = { name: string; type: string };
type Types = Record<string, Field[]>;
export type Document = { types: Types; primaryType: string; domain: Record<string, unknown>; message: Record<string, unknown> };

const hexOf = (min: number, max: number) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((x) => `0x${Buffer.from(x).toString("hex")}`);

function atomValue(type: string): fc.Arbitrary<unknown> {
  if (type === "bool") return fc.boolean();
  if (type === "string") return fc.string({ unit: "grapheme" });
  if (type === "bytes") return hexOf(0, 70);
  if (type === "address") return hexOf(20, 20);
  const size = Number(type.replace(/\D/g, ""));
  if (type.startsWith("bytes")) return hexOf(size, size);
  const [min, max] = type.startsWith("u") ? [0n, 2n ** BigInt(size) - 1n] : [-(2n ** BigInt(size - 1)), 2n ** BigInt(size - 1) - 1n];
  return fc.bigInt({ min, max }).map(String);
}

const atomType = fc.oneof(
  fc.constantFrom("bool", "string", "bytes", "address"),
  fc.integer({ min: 1, max: 32 }).map((n) => `bytes${n}`),
  fc.tuple(fc.constantFrom("int", "uint"), fc.integer({ min: 1, max: 32 })).map(([kind, n]) => `${kind}${8 * n}`),
);

const suffix = fc.constantFrom("", "", "", "[]", "[2]", "[][]", "[3][]", "[][1]");

/** Struct i refers to later ones, and with `recursive` to itself and earlier ones inside of arrays. */
function types(recursive: boolean): fc.Arbitrary<Types> {
  const names = ["Root", "Zebra", "apple", "_Mid", "$End"];
  const one = (i: number) => {
    const later = names.slice(i + 1).flatMap((name) => [fc.constant(name), suffix.map((x) => name + x)]);
    const back = recursive ? names.slice(0, i + 1).map((name) => fc.constant(`${name}[]`)) : [];
    const type = fc.oneof({ weight: 6, arbitrary: fc.tuple(atomType, suffix).map((x) => x.join("")) }, ...later, ...back);
    return fc.array(type, { minLength: 1, maxLength: 4 }).map((all) => all.map((x, n) => ({ name: `field${n}`, type: x })));
  };
  return fc.tuple(...names.map((_, i) => one(i))).map((all) => Object.fromEntries(all.map((fields, i) => [names[i] as string, fields])));
}

/** Lists get shorter with depth, so that recursion ends. */
function valueFor(all: Types, type: string, depth: number): fc.Arbitrary<unknown> {
  const [, inner, length] = /^(.*)\[(\d*)\]$/.exec(type) ?? [];
  if (inner !== undefined) {
    const fixed = length === "" ? { maxLength: depth > 3 ? 0 : 2 } : { minLength: Number(length), maxLength: Number(length) };
    return fixed.maxLength === 0 ? fc.constant([]) : fc.array(valueFor(all, inner, depth + 1), fixed);
  }
  const fields = all[type];
  if (fields === undefined) return atomValue(type);
  return fc.record(Object.fromEntries(fields.map((x) => [x.name, valueFor(all, x.type, depth + 1)])));
}

const domain = fc.record(
  {
    name: fc.string(),
    version: fc.string(),
    chainId: fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map(String)),
    verifyingContract: hexOf(20, 20),
    salt: hexOf(32, 32),
  },
  { requiredKeys: [] },
);

export function randomTypedData(o: { recursive: boolean }): fc.Arbitrary<Document> {
  return fc
    .tuple(types(o.recursive), domain)
    .chain(([all, d]) =>
      valueFor(all, "Root", 0).map((message) => ({ types: reachable(all), primaryType: "Root", domain: d, message: message as never })),
    );
}

/** ethers refuses types that nothing refers to. */
function reachable(all: Types): Types {
  const found = new Set<string>(["Root"]);
  for (const name of found)
    for (const { type } of all[name] as Field[]) if (all[type.replace(/\[.*/, "")]) found.add(type.replace(/\[.*/, ""));
  return Object.fromEntries([...found].map((name) => [name, all[name] as Field[]]));
}
