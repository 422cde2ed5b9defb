/** Logs more than any pipe holds before anybody reads, tells its parent that it has, and says a line more each time that it is asked to. */
import { openStdout } from "../stdout.ts";

const out = openStdout(1, 64 << 10);
for (let i = 0; i < 10_000; i++) out.write(`${JSON.stringify({ i, filling: "x".repeat(80) })}\n`);
process.send?.("said");
let asked = 0;
process.on("message", (word) => {
  if (word === "end") process.disconnect();
  else out.write(`${JSON.stringify({ asked: asked++ })}\n`);
});
