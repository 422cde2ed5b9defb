import { createRecordingLogger } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { p2pError } from "./errors.ts";
import { createUnreachableBook, reasonOf } from "./unreachable.ts";

const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), { code: "ECONNREFUSED" });
const early = new Error("wrapped", { cause: new Error("The certificate is not valid yet") });

function setUp() {
  const clock = createSimClock();
  const logger = createRecordingLogger();
  const book = createUnreachableBook({ clock, logger, addressesOf: () => ["/ip4/10.0.0.1/tcp/9"], nameOf: () => "alice" });
  const lines = () => logger.lines.splice(0).map(({ level, fields }) => [level, fields?.name, fields?.reason]);
  return { clock, book, lines };
}

it("tells after two seconds, whenever the next attempt is, again when the reason is another, and when the peer is reached", () => {
  const { clock, book, lines } = setUp();
  book.failed("a", refused);
  clock.advance(1999);
  expect([lines(), book.list()]).toEqual([[], []]);
  clock.advance(1);
  for (let i = 0; i < 3; i++) book.failed("a", refused);
  expect(lines()).toEqual([["warn", "alice", "nothing listens there (ECONNREFUSED)"]]);
  book.failed("a", early);
  expect(lines()).toEqual([["warn", "alice", expect.stringContaining("its clock, or that of this machine, is wrong")]]);
  expect(book.list()).toMatchObject([{ peer: "a", name: "alice", at: ["/ip4/10.0.0.1/tcp/9"] }]);
  book.reached("a");
  expect([lines(), book.list()]).toEqual([[["info", "alice", undefined]], []]);
  book.failed("b", refused);
  book.reached("b"); // before it was told
  clock.advance(10_000);
  expect(lines()).toEqual([]);
});

it("has a reason before an attempt has ended", () => {
  for (const [begin, reason] of [
    ["sought", /does not answer/],
    ["silent", /says nothing/],
    ["lost", /ends the connection/],
  ] as const) {
    const { clock, book, lines } = setUp();
    book[begin]("a", undefined);
    clock.advance(2000);
    expect(lines()).toEqual([["warn", "alice", expect.stringMatching(reason)]]);
    book.stop();
  }
});

it("says nothing more once it is stopped", () => {
  const { clock, book, lines } = setUp();
  book.lost("a", undefined);
  book.stop();
  book.lost("b", undefined);
  clock.advance(10_000);
  expect(lines()).toEqual([]);
});

it("has words for what goes wrong, and never more than a line of others", () => {
  const cases: [unknown, RegExp][] = [
    [p2pError("P2P_GENESIS_MISMATCH", "Hello: another genesis hash"), /^P2P_GENESIS_MISMATCH: /],
    [new AggregateError([refused], "All multiaddr dials failed"), /ECONNREFUSED/],
    [Object.assign(new Error("x"), { name: "TimeoutError" }), /does not answer in time/],
    [Object.assign(new Error("x"), { name: "UnexpectedPeerError" }), /another key/],
    [new Error("the connection ended before Hello"), /ends the connection/],
    [undefined, /^no reason/],
    [new Error(`${"y".repeat(900)}\nsecond line`), /^Error {2}y+$/],
  ];
  for (const [error, words] of cases) {
    expect(reasonOf(error)).toMatch(words);
    expect(reasonOf(error).length).toBeLessThan(220);
  }
});
