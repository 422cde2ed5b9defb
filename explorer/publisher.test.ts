/** What a tab hears of an object that goes on without it: its card says "waits" until a line says more. */
import { afterEach, expect, it, vi } from "vitest";
import { afterLine, newFile, type ObjectState } from "./src/data/file-state.ts";
import { publish } from "./src/data/publisher.ts";

const ID = `0x${"05".repeat(32)}`;
const lines = (...all: object[]) => new Response(all.map((x) => `${JSON.stringify(x)}\n`).join(""));

afterEach(() => vi.unstubAllGlobals());

it.each([
  ["the node refuses, with its id", () => lines({ code: "DA_UNCERTIFIED", message: "halted", data: { id: ID } })],
  ["the answer is cut after its id", () => lines({ state: "encoded", id: ID })],
])("an object that goes on by itself is included once the node says so: %s", async (_, answer) => {
  vi.stubGlobal("fetch", async (_: string, { method }: RequestInit) =>
    method === "PUT" ? answer() : Response.json({ result: { height: "0x7" } }),
  );
  const objects = newFile({ name: "a", bytes: 1, contentType: "text/plain", objectBytes: 10_000 }).objects as ObjectState[];
  const edit = (at: number, f: (object: ObjectState) => ObjectState) => objects.splice(at, 1, f(objects[at] as ObjectState));
  const events = {
    onObject: (at: number, bytes: number) => void edit(at, (object) => ({ ...object, bytes, phase: "sent" })),
    onLine: (at: number, line: Parameters<typeof afterLine>[1]) => void edit(at, (object) => afterLine(object, line)),
    onWait: (at: number, waits: string) => void edit(at, (object) => ({ ...object, waits })),
  };
  await publish(new File(["x"], "a"), 10_000, events, new AbortController().signal);
  for (const { phase, height, waits, id } of objects)
    expect({ phase, height, waits, id }).toEqual({ phase: "included", height: 7, waits: undefined, id: ID });
});
