import type { Devnet } from "./devnet.ts";

/** What a person needs to start: accounts, URLs, the precompiles, a snippet to paste. */
export function banner(devnet: Devnet, tookMs: number): string {
  const n = devnet.validators.length;
  const rpc = devnet.rpcUrls[0] as string;
  const accounts = devnet.accounts.slice(0, 10);
  const lines = [
    "",
    `  Noema devnet: ${n} validator${n === 1 ? "" : "s"}, chain id ${devnet.chainId}, ${devnet.resumed ? "resumed" : "new"} in ${devnet.datadir} (${(tookMs / 1000).toFixed(1)} s)`,
    "",
    `  Draw a digit   ${rpc}/`,
    `  RPC            ${rpc}`,
    `  WebSocket      ${rpc.replace(/^http/, "ws")}`,
    ...(n > 1 ? [`  Validators     ${devnet.rpcUrls.join("  ")}`] : []),
    `  Metrics        ${devnet.metricsUrls[0]}`,
    "  Precompiles    0x0a00 MODEL_INFO, 0x0a01 INFER (model: digits)",
    "",
    "  Accounts (public keys of a public mnemonic: never use them elsewhere)",
    ...accounts.map((x, i) => `  (${i}) ${x.address}  ${x.privateKey}`),
    ...(devnet.accounts.length > accounts.length ? [`  ... and ${devnet.accounts.length - accounts.length} more`] : []),
    "",
    "  Try",
    `    npm run demo -- --rpc ${rpc}`,
    `    cast send --rpc-url ${rpc} --private-key ${accounts[0]?.privateKey ?? "KEY"} ${accounts[1]?.address ?? "ADDRESS"} --value 1ether`,
    "",
    "  Ctrl-C ends it; the same command with the same --datadir goes on.",
    "",
  ];
  return lines.join("\n");
}
