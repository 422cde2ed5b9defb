/** Logs more than any pipe holds before anybody reads, tells its parent that it has, and on its word one line more. */
import { openStdout } from "../stdout.ts";

const out = openStdout(1, 64 << 10);
for (let i = 0; i < 10_000; i++) out.write(`${JSON.stringify({ i, filling: "x".repeat(80) })}\n`);
process.send?.("said");
process.once("message", () => {
  out.write('{"last":true}\n');
  process.disconnect();
});
