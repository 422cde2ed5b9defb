/** Flags of anvil, Hardhat's node and ganache that the devnet does not have, and what there is instead. */
const NOT_YET = "the devnet cannot do that yet";
const FORKING = "forking another chain: not yet; the devnet starts from its own genesis";
const KEPT = "the state is always kept in --datadir, at any size: start with the same --datadir to go on, with --fresh to forget";
const TRACED = "every transaction can be traced, at any time: noema trace TX, debug_traceTransaction";
const NO_LIMITS = "Ethereum's limits hold here as they do there: not yet to be lifted";

export const elsewhere: Record<string, string> = {
  "--fork-url": FORKING,
  "--rpc-url": FORKING,
  "-f": FORKING,
  "--fork": FORKING,
  "--fork-block-number": FORKING,
  "--fork-chain-id": FORKING,
  "--fork-header": FORKING,
  "--fork-transaction-hash": FORKING,
  "--preserve-historical-states": KEPT,
  "--prune-history": KEPT,
  "--no-mine": "--no-mining; evm_mine asks for a block",
  "--mixed-mining": "not yet: with --validators 1 a block is made when a transaction arrives, with --block-time at an interval",
  "--auto-impersonate": `${NOT_YET}: send from the funded accounts, or sign with their keys`,
  "--timestamp": `${NOT_YET}: genesis has the time of its making`,
  "--init": `${NOT_YET}: --accounts, --balance and --mnemonic say who owns what`,
  "--steps-tracing": TRACED,
  "--print-traces": TRACED,
  "--derivation-path": `${NOT_YET}: accounts are m/44'/60'/0'/0/i of --mnemonic`,
  "--mnemonic-random": "give the words that you want with --mnemonic",
  "--mnemonic-seed-unsafe": "give the words that you want with --mnemonic",
  "--deterministic": "accounts are always those of --mnemonic",
  "--block-base-fee-per-gas": "it is called --base-fee here",
  "--gas-price": "it is called --base-fee here; the tip is the sender's",
  "--code-size-limit": NO_LIMITS,
  "--disable-code-size-limit": NO_LIMITS,
  "--disable-block-gas-limit": NO_LIMITS,
  "--no-priority-fee": NO_LIMITS,
  "--order": "transactions are ordered by tip, and by nonce within a sender",
  "--hostname": "it is called --host here",
  "--ipc": "HTTP and WebSocket on --port is what there is",
  "--allow-origin": "it is called --cors here; pages of this machine may ask without it",
  "--no-cors": "pages of this machine may ask, those of other sites may not unless --cors names them",
  "--quiet": "it is called --silent here",
  "-q": "it is called --silent here",
  "--optimism": NOT_YET,
  "--odyssey": NOT_YET,
};
