/** Where two answers of JSON differ, field by field. */

/** `path`: members by name, places of lists as []. `name`, `of`: the last member, and the objects that have it, theirs and ours. */
export type Difference = { path: string; theirs: unknown; ours: unknown; name: string; of: readonly [Members, Members] };
type Members = Record<string, unknown>;

type Place = Pick<Difference, "path" | "name" | "of">;
const TOP: Place = { path: "", name: "", of: [{}, {}] };

export function differences(theirs: unknown, ours: unknown, at: Place = TOP): Difference[] {
  if (Object.is(theirs, ours)) return [];
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    const short = theirs.length === ours.length ? [] : [{ ...at, path: `${at.path}[].length`, theirs: theirs.length, ours: ours.length }];
    const both = Math.min(theirs.length, ours.length);
    const inside = Array.from({ length: both }, (_, i) => differences(theirs[i], ours[i], { ...at, path: `${at.path}[]` }));
    return [...short, ...inside.flat()];
  }
  if (isObject(theirs) && isObject(ours)) {
    const names = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
    return [...names].flatMap((name) =>
      differences(theirs[name], ours[name], { path: `${at.path}.${memberName(name)}`, name, of: [theirs, ours] }),
    );
  }
  return [{ ...at, theirs, ours }];
}

/** Addresses and slots are no names. */
function memberName(name: string): string {
  return /^0x[0-9a-f]{40}$/i.test(name) ? "ADDRESS" : /^0x[0-9a-f]{64}$/i.test(name) ? "SLOT" : name;
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
