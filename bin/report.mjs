/**
 * How a command ends badly: one sentence on stderr, never a stack. Errors of ours bring their sentence and code; the system's
 * and a client library's are looked up through their causes; for anything else the stack is kept in a file (NOEMA_DEBUG=1
 * prints it instead). Plain JavaScript and by shape, since the launcher and the bundle have classes of their own.
 */
import { writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { INVOCATION } from "./installation.mjs";

export const FAILED = 1;
/** As a shell reports a process that SIGPIPE ended. */
const PIPE_CLOSED = 128 + 13;

const about = (subject, words) => (subject ? `${subject}: ${words}` : words);
const path = (words) => (error) => about(error.path, words);
/** The address that was tried; where the system does not say it, the URL that the client was given. */
const place = (words) => (error, outermost) => {
  const { address, host, hostname, port } = error;
  const tried = [address ?? host ?? hostname, port].filter((x) => x !== undefined).join(":");
  return about(tried || outermost.url, words);
};

/** System errors that a user can act on. */
const SYSTEM = {
  ECONNREFUSED: place("nothing answers there: is a node running?"),
  ECONNRESET: place("the connection was cut"),
  EPIPE: place("the connection was cut before all was sent: is that a Noema node?"),
  EHOSTUNREACH: place("no way leads to that host"),
  ENETUNREACH: place("no way leads to that network"),
  ENOTFOUND: place("no such host"),
  EAI_AGAIN: place("the host's name cannot be looked up now"),
  ETIMEDOUT: place("no answer in time"),
  UND_ERR_CONNECT_TIMEOUT: place("no answer in time"),
  UND_ERR_HEADERS_TIMEOUT: place("no answer in time"),
  UND_ERR_SOCKET: place("the connection was cut"),
  EADDRINUSE: (e) => `port ${e.port} on ${e.address} is taken by another process`,
  EADDRNOTAVAIL: place("no address of this machine"),
  EACCES: (e, outermost) => (e.path ? path : place)("permission denied")(e, outermost),
  EPERM: (e, outermost) => (e.path ? path : place)("not permitted")(e, outermost),
  ENOENT: path("no such file or folder"),
  EEXIST: path("exists already"),
  EISDIR: path("is a folder"),
  ENOTDIR: path("is no folder"),
  ENAMETOOLONG: path("the name is too long"),
  ELOOP: path("a link that leads to itself"),
  EROFS: path("the file system is read-only"),
  ENOSPC: path("the disk is full"),
  EMFILE: path("too many files are open (ulimit -n)"),
  ERR_MODULE_NOT_FOUND: (e) => {
    const name = /package '([^']+)'/.exec(e.message)?.[1];
    return name ? `the package ${name} is not installed: run \`npm ci\`` : e.message.split("\n")[0];
  },
};

/** An error and its causes, from outside in; before an AggregateError (one try for each address of a host) what it holds. */
function* causes(error) {
  for (let depth = 0; depth < 8 && error instanceof Object; depth++) {
    if (Array.isArray(error.errors)) yield* error.errors;
    yield error;
    error = error.cause;
  }
}

const oneLine = (text) =>
  stripVTControlCharacters(String(text))
    .split("\n")
    .map((x) => x.trim())
    .filter(Boolean)
    .join(" ");

/** `expected`: it says what happened in the user's words, and no stack is needed. */
export function describe(error) {
  if (!(error instanceof Object)) return { sentence: oneLine(error), expected: true };
  if (error.name === "NoemaError") return { sentence: `${oneLine(error.message)} (${error.code})`, expected: true };
  for (const cause of causes(error)) {
    if (cause.name === "NoemaError") return { sentence: `${oneLine(cause.message)} (${cause.code})`, expected: true };
    const words = SYSTEM[cause.code]?.(cause, error);
    if (words !== undefined) return { sentence: `${words} (${cause.code})`, expected: true };
  }
  if (typeof error.shortMessage === "string") return { sentence: fromClient(error), expected: true };
  return { sentence: oneLine(error.message || error), expected: false };
}

/** viem's errors: their first sentence, and of the rest what tells one server from another. */
function fromClient({ shortMessage, metaMessages = [] }) {
  const facts = metaMessages.filter((x) => /^(Status|URL): /.test(x));
  return oneLine([shortMessage, ...facts].join(" "));
}

function keepStack(name, error) {
  const file = join(tmpdir(), `noema-${name.replaceAll(" ", "-") || "launcher"}-${process.pid}.log`);
  try {
    writeFileSync(file, `${new Date().toISOString()} ${error.stack ?? error}\n`, { mode: 0o600, flag: "wx" }); // never through a link that somebody left there
    return `its stack is in ${file}`;
  } catch {
    return "NOEMA_DEBUG=1 prints its stack";
  }
}

/** Sentences name our commands as a clone has them. */
const asTyped = (sentence) => sentence.replaceAll("npm run noema --", INVOCATION);

/** Says it on stderr. */
export function report(name, error) {
  const { sentence, expected } = describe(error);
  const debug = process.env.NOEMA_DEBUG === "1";
  const where = expected || debug ? "" : ` (not foreseen; ${keepStack(name, error)})`;
  process.stderr.write(`noema${name && ` ${name}`}: ${asTyped(sentence)}${where}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

/** By which a process ends itself where something is broken under it. */
const BROKEN = new Set(["SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE"]);

/** Of a child that a signal ended. Returns the exit code, as a shell has it. */
export function reportEnd(signal) {
  if (BROKEN.has(signal))
    report("", {
      name: "NoemaError",
      code: signal,
      message: `the process was ended by a fault: memory, or a store on the disk, is damaged. A node's next start reads its stores before it opens them; \`npm run noema -- db check --datadir FOLDER\` does so now`,
    });
  return 128 + constants.signals[signal];
}

/** Also what nobody catches ends in a sentence, and a reader that goes (`| head -1`) ends the command without one. */
export function guard(name) {
  process.on("uncaughtException", (error) => {
    report(name, error);
    process.exit(FAILED);
  });
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error) => {
      if (error.code !== "EPIPE") report(name, error);
      else if (process.emit("readerGone")) return; // a command that first ends what it started
      process.exit(error.code === "EPIPE" ? PIPE_CLOSED : FAILED);
    });
}
