// SIGUSR1 makes Node open its debugger, whose port gives anybody on this machine, and a page that was led there, the process with
// its keys. The launcher imports it before a key is read. Child processes are started with --disable-sigusr1 as well, which
// leaves no moment before; a debugger that was asked for (--inspect) stays.
import inspector from "node:inspector";

process.on("SIGUSR1", () => {});

const isAskedFor = /--inspect/.test(`${process.env.NODE_OPTIONS} ${process.execArgv.join(" ")}`);
if (!isAskedFor && inspector.url() !== undefined) inspector.close();

/** How Node is told to have no such signal; 24 knows it. */
export const DISABLE_SIGUSR1 = "--disable-sigusr1";
