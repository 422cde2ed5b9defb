/** What the card says of a file, from its drop to the last sample, and when something is wrong. */
import { describe, expect, it } from "vitest";
import type { ChainState } from "./src/chain-state.ts";
import { afterLine, chanceOf, change, type FileState, foundFile, newFile, type ObjectState, type Step } from "./src/data/file-state.ts";
import { completed } from "./src/data/file-steps.ts";
import { confidence, confidenceOf, describeFile, missingText, nameOf, objectsText, size } from "./src/data/words.ts";

const ID = `0x${"05".repeat(32)}` as const;
const live: ChainState = { kind: "live", word: "Live", reason: "4 of 4 validators answer" };
const halted: ChainState = { kind: "halted", word: "Halted", reason: "2 of 4 validators answer, quorum needs 3" };
const fresh = (bytes = 10_000_000) => newFile({ name: "a.bin", bytes, contentType: "text/plain", objectBytes: 4_063_232 });
const line = (file: FileState, index: number, step: Step) => change(file, index, afterLine(file.objects[index] as ObjectState, step));
const each = (file: FileState, more: Partial<ObjectState>) => file.objects.reduce((now, _, i) => change(now, i, more), file);
const said = (file: FileState | undefined, chain = live) => describeFile(file, chain).text;

it("a file larger than one object is several and a manifest; an empty one is its manifest", () => {
  const file = fresh();
  expect(file.objects.map((x) => x.bytes)).toEqual([4_063_232, 4_063_232, 1_873_536, 0]);
  expect([objectsText(file), nameOf(file, 1), nameOf(file, 3)]).toEqual(["3 objects and a manifest", "Object 2 of 3", "Manifest"]);
  expect(fresh(0).objects).toHaveLength(1);
  expect(objectsText(fresh(1))).toBe("1 object and a manifest");
});

it("says each step of an object, signature by signature", () => {
  let file = change(fresh(), 0, { phase: "sent" });
  expect(said(file)).toBe("Object 1 of 3 is being encoded.");
  const steps: [Step, RegExp][] = [
    [{ state: "preparing", done: 0 }, /waits for the encoder, which a node loads in its first half minute/],
    [{ state: "preparing", done: 1 }, /is being encoded/],
    [{ state: "encoded", done: 1, id: ID }, /is encoded; validators fetch their rows/],
    [{ state: "dispersed", done: 0.25, validator: 2 }, /is encoded/],
    [{ state: "signed", done: 0.25, validator: 2 }, /is signed by validator 2, 25 % of stake; more than two thirds are needed/],
    [{ state: "signed", done: 0.5, validator: 0 }, /is signed by validators 0 and 2, 50 % of stake/],
    [{ state: "certified", done: 1 }, /is certified; a block takes it in/],
  ];
  for (const [step, words] of steps) {
    file = line(file, 0, step);
    expect(said(file)).toMatch(words);
  }
  expect(said(file, halted)).toMatch(/The chain is halted: 2 of 4 validators answer, quorum needs 3\.$/);
  file = line(file, 0, { state: "included", height: 9, id: ID });
  expect(file.objects[0]).toMatchObject({ phase: "included", height: 9, id: ID });
  expect(said(change(file, 1, { phase: "sent" }))).toBe("Object 2 of 3 is being encoded.");
});

it("a late signature does not take a step back", () => {
  const certified = line(line(fresh(), 0, { state: "certified" }), 0, { state: "signed", done: 1, validator: 3 });
  expect(certified.objects[0]).toMatchObject({ phase: "certified", signers: new Set([3]) });
});

it("says why it waits and is tried again, until it goes on", () => {
  const waiting = change(change(fresh(), 0, { phase: "sent" }), 0, { waits: "this client has as many objects waiting as it may" });
  expect(said(waiting)).toBe("Object 1 of 3 waits and is tried again: this client has as many objects waiting as it may.");
  expect(said(line(waiting, 0, { state: "encoded" }))).toMatch(/is encoded/);
});

describe("once it is final", () => {
  const kept = each(fresh(), { phase: "included" });

  it("is read back, and what differs is said", () => {
    expect(said(kept)).toMatch(/^Kept: /);
    expect(said(change(kept, 0, { same: true }))).toBe("Reading it back: 1 of 4 objects so far.");
    expect(said(each(kept, { same: true }))).toBe("Kept, final, and read back byte for byte.");
    expect(describeFile(change(each(kept, { same: true }), 2, { same: false }), live)).toMatchObject({ kind: "bad" });
  });

  it("of one that was found, says what it was compared with", () => {
    const facts = { name: "x", bytes: 1, contentType: "text/plain", id: ID };
    const read = (hasManifest: boolean) => said(each(foundFile({ ...facts, hasManifest }, [{ id: ID, bytes: 1 }]), { same: true }));
    expect([read(true), read(false)]).toEqual([
      expect.stringMatching(/sha256 of its manifest/),
      expect.stringMatching(/commitments of its id/),
    ]);
  });

  it("its chance of being lost is at most the sum of its objects'", () => {
    const sampled = each(kept, { sampled: "available", chance: 1e-3, cells: [{ slot: 0, cell: 1 }] });
    expect(chanceOf(change(sampled, 3, { sampled: "running" }))).toBeUndefined();
    expect(chanceOf(sampled)).toBeCloseTo(4e-3);
    expect(describeFile(sampled, live)).toEqual({ text: "Available: 4 random cells are there and proven.", kind: "good" });
  });

  it("tells the confidence of the object that is being sampled, and of all of it at the end", () => {
    const running = change(change(kept, 0, { sampled: "available", chance: 1e-3 }), 1, { sampled: "running", chance: 0.5 });
    expect(confidenceOf(kept, 0)).toEqual({ value: "–", of: "confidence that it can be rebuilt" });
    expect(confidenceOf(running, 0)).toEqual({ value: "50.00 %", of: "confidence that object 2 can be rebuilt" });
    const all = each(kept, { sampled: "available", chance: 1e-3 });
    expect(confidenceOf(all, 0)).toEqual({ value: "99.60 %", of: "confidence that it can be rebuilt" });
    expect(confidenceOf(change(kept, 3, { chance: 0.25 }), 3).of).toBe("confidence that its manifest can be rebuilt");
  });

  it("completes its steps in order", () => {
    expect(completed(fresh())).toEqual([]);
    expect(completed(kept)).toEqual(["encoded", "signed", "included"]);
    expect(completed(each(kept, { same: true, sampled: "available" }))).toHaveLength(5);
  });
});

it("names the holder of a row whose cells nobody gave, and says that it may be read all the same", () => {
  const layout = { rows: 4, needed: 1, blocks: [{ validator: 2, from: 3, to: 4 }], signers: new Set<number>() };
  const [object] = fresh().objects as [ObjectState, ...ObjectState[]];
  expect(missingText({ ...object, layout }, 3)).toBe(
    "row 3, which validator 2 holds, gave no cells; any 1 of its 4 rows rebuild it, so read it back to see",
  );
  expect(missingText(object, 3)).toBe("row 3 gave no cells");
});

it("a fault stands above everything", () => {
  expect(describeFile({ ...fresh(), fault: "Not published: the disk is full." }, live)).toEqual({
    text: "Not published: the disk is full.",
    kind: "bad",
  });
});

it.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1500, "1.5 kB"],
  [4_063_232, "4.1 MB"],
  [999_999, "1000 kB"],
  [12_345_678_901, "12 GB"],
])("%i bytes are %s", (bytes, text) => expect(size(bytes)).toBe(text));

it("a confidence is never rounded up to certainty", () => {
  expect([confidence(0.3), confidence(0.00019), confidence(4.1e-8), confidence(1)]).toEqual(["70.00 %", "99.98 %", "1 − 4.1e−8", "0.00 %"]);
});
