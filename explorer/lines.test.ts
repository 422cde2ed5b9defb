import { expect, it } from "vitest";
import { dropFault } from "./src/data/drop.ts";
import { createLines } from "./src/data/lines.ts";

it("reads JSON lines however they are cut", () => {
  const bytes = new TextEncoder().encode('{"state":"é"}\n{"state":"included"}\n');
  for (let at = 0; at <= bytes.length; at++) {
    const lines = createLines();
    expect([...lines.push(bytes.subarray(0, at)), ...lines.push(bytes.subarray(at))]).toEqual([{ state: "é" }, { state: "included" }]);
  }
});

it("takes one file, and says of a folder and of several what to do", () => {
  const item = (isDirectory: boolean) => ({ kind: "file", webkitGetAsEntry: () => ({ isDirectory }) as FileSystemEntry });
  expect(dropFault([item(false)])).toBeUndefined();
  expect(dropFault([item(true)])).toMatch(/folder/);
  expect(dropFault([item(false), item(false)])).toMatch(/2 files/);
});
