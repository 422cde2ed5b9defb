/** What an operator looks at: one page for the chain and this node's part in it, one for what the machine and the clients do. */
import type { Dashboard, Panel, Unit } from "./grafana.ts";

const OF = `{instance=~"$instance"}`;
const rate = (name: string, of = OF) => `rate(${name}${of}[$__rate_interval])`;

function panel(title: string, unit: Unit, about: string, ...queries: (readonly [string, string])[]): Panel {
  return { title, unit, about, queries };
}
const stat = (...args: Parameters<typeof panel>): Panel => ({ ...panel(...args), kind: "stat" });
/** One gauge of each node. */
const each = (name: string) => [`${name}${OF}`, "{{instance}}"] as const;
const quantile = (q: number, name: string) => [`histogram_quantile(${q}, sum by (le) (${rate(`${name}_bucket`)}))`, `p${100 * q}`] as const;

export const dashboards: readonly Dashboard[] = [
  {
    uid: "noema-chain",
    title: "Noema: chain and votes",
    about: "Whether the chain goes on, who votes, and what this validator misses.",
    rows: [
      {
        title: "Now",
        panels: [
          stat("Final height", "short", "Height of the newest final block.", each("noema_consensus_height")),
          stat("Halted", "bool_yes_no", "No quorum is heard, or none agrees: docs/operate/halted.md.", each("noema_consensus_halted")),
          stat("May vote", "bool_yes_no", "Whether this node votes; the fault's code says why not.", each("noema_consensus_healthy"), [
            `noema_consensus_fault${OF}`,
            "{{code}}",
          ]),
          stat("Since the newest block", "s", "How long ago a block last became final here.", each("noema_consensus_block_age_seconds")),
          stat("Validators heard", "short", "Of all validators of the epoch.", each("noema_consensus_validators_heard"), [
            `noema_consensus_validators${OF}`,
            "of",
          ]),
          stat("Version", "short", "What runs.", [`noema_build_info${OF}`, "{{version}}, Node {{node}}"]),
        ],
      },
      {
        title: "Chain",
        panels: [
          panel("Height", "short", "Final, and executed behind it.", each("noema_consensus_height"), [
            `noema_consensus_executed_height${OF}`,
            "{{instance}} executed",
          ]),
          panel(
            "Block interval",
            "s",
            "Between the timestamps of final blocks.",
            ...[0.5, 0.99].map((q) => quantile(q, "noema_consensus_block_interval_seconds")),
          ),
          panel("Views without a block", "cps", "A leader that is down, or a network slower than its timer.", [
            rate("noema_consensus_skipped_views_total"),
            "{{instance}}",
          ]),
          panel(
            "View back-off",
            "short",
            "Exponent of the view timers: 0 while views end in time.",
            each("noema_consensus_backoff_exponent"),
          ),
          panel(
            "Transactions",
            "cps",
            "Executed, of them failed, and ordered but not includable.",
            [rate("noema_execution_transactions_total"), "{{instance}}"],
            [rate("noema_execution_failed_transactions_total"), "{{instance}} failed"],
            [rate("noema_execution_skipped_transactions_total"), "{{instance}} skipped"],
          ),
          panel("Gas", "cps", "Gas used a second.", [rate("noema_execution_gas_total"), "{{instance}}"]),
        ],
      },
      {
        title: "Votes",
        panels: [
          panel(
            "Signed and missed blocks",
            "cps",
            "Of this validator: docs/operate/missed-votes.md.",
            [rate("noema_consensus_validator_signed_blocks_total"), "{{instance}} signed"],
            [rate("noema_consensus_validator_missed_blocks_total"), "{{instance}} missed"],
          ),
          panel("Proposed blocks", "cps", "That became final.", [rate("noema_consensus_validator_proposed_blocks_total"), "{{instance}}"]),
          panel("Last signed height", "short", "", each("noema_consensus_validator_last_signed_height")),
          panel("Who is heard", "bool_yes_no", "By index in the epoch's set, as this node hears them.", [
            `noema_consensus_validator_heard${OF}`,
            "{{instance}}: validator {{validator}}",
          ]),
          panel("Power that is missing", "percentunit", "Above a third the chain halts.", [
            `noema_consensus_missing_validators_power${OF} / noema_consensus_validators_power${OF}`,
            "{{instance}}",
          ]),
          panel("Equivocations", "short", "Pairs of votes that one validator must not have signed both: docs/operate/equivocation.md.", [
            `noema_consensus_equivocations_total${OF}`,
            "{{instance}}: validator {{validator}}",
          ]),
        ],
      },
      {
        title: "Data",
        panels: [
          panel("Batch to certificate", "s", "Of own batches.", ...[0.5, 0.99].map((q) => quantile(q, "noema_da_batch_certify_seconds"))),
          panel(
            "Batches and certificates that wait",
            "short",
            "For a quorum, and for a block.",
            [`noema_da_batches_pending${OF}`, "{{instance}} batches"],
            [`noema_da_certificates_waiting${OF}`, "{{instance}} certificates"],
          ),
          panel(
            "Rows that went bad",
            "short",
            "Own rows that could not be read as they were written, and those written anew.",
            [`noema_da_rows_erased_total${OF}`, "{{instance}} erased"],
            [`noema_da_rows_rewritten_total${OF}`, "{{instance}} rewritten"],
          ),
        ],
      },
    ],
  },
  {
    uid: "noema-node",
    title: "Noema: node and clients",
    about: "What the machine does, what clients ask, and what waits.",
    rows: [
      {
        title: "Clients",
        panels: [
          panel("Requests by method", "cps", "The ten most asked.", [
            `topk(10, sum by (method) (${rate("noema_rpc_requests_total")}))`,
            "{{method}}",
          ]),
          panel("Errors by method and code", "cps", "The ten most frequent.", [
            `topk(10, sum by (method, code) (${rate("noema_rpc_errors_total")}))`,
            "{{method}} {{code}}",
          ]),
          panel("Time to answer", "s", "", ...[0.5, 0.99].map((q) => quantile(q, "noema_rpc_request_seconds"))),
          panel(
            "Connections",
            "short",
            "WebSockets, their subscriptions, filters.",
            [`noema_rpc_websockets${OF}`, "{{instance}} WebSockets"],
            [`noema_rpc_subscriptions${OF}`, "{{instance}} subscriptions"],
            [`noema_rpc_filters${OF}`, "{{instance}} filters"],
          ),
          panel(
            "Pool",
            "short",
            "Transactions that wait, and those in a batch.",
            [`noema_mempool_transactions${OF}`, "{{instance}}"],
            [`noema_mempool_in_flight_transactions${OF}`, "{{instance}} in flight"],
          ),
          panel(
            "Refused and evicted",
            "cps",
            "By the pool.",
            [rate("noema_mempool_refused_total"), "{{instance}} refused"],
            [rate("noema_mempool_evicted_total"), "{{instance}} evicted"],
          ),
        ],
      },
      {
        title: "Peers",
        panels: [
          panel("Peers", "short", "Authenticated.", each("noema_p2p_peers")),
          panel(
            "Bytes that wait to be sent",
            "bytes",
            "By lane: votes go before data.",
            [`noema_p2p_consensus_queue_bytes${OF}`, "{{instance}} consensus"],
            [`noema_p2p_data_queue_bytes${OF}`, "{{instance}} data"],
          ),
          panel(
            "Frames dropped",
            "cps",
            "A queue was full, or consensus refused them.",
            [rate("noema_p2p_frames_dropped_total"), "{{instance}} p2p"],
            [rate("noema_consensus_dropped_total"), "{{instance}} {{code}}"],
          ),
        ],
      },
      {
        title: "Machine",
        panels: [
          panel(
            "CPU",
            "percentunit",
            "Of one core: the process, its main thread, the thread that executes.",
            [rate("noema_process_cpu_seconds_total"), "{{instance}}"],
            [rate("noema_process_main_cpu_seconds_total"), "{{instance}} main"],
            [rate("noema_execution_busy_seconds_total"), "{{instance}} execution"],
          ),
          panel(
            "Event-loop lag",
            "s",
            "A main thread that lags votes late.",
            [`noema_process_event_loop_lag_p50_seconds${OF}`, "{{instance}} p50"],
            [`noema_process_event_loop_lag_p99_seconds${OF}`, "{{instance}} p99"],
          ),
          panel(
            "Memory",
            "bytes",
            "Resident, and the heap of the main thread.",
            [`noema_process_resident_memory_bytes${OF}`, "{{instance}}"],
            [`noema_process_heap_used_bytes${OF}`, "{{instance}} heap"],
          ),
          panel("Disk: what is used", "bytes", "By store and log.", [`noema_store_size_bytes${OF}`, "{{instance}} {{store}}"]),
          panel("Disk: what is free", "bytes", "docs/operate/disk-full.md", each("noema_store_disk_free_bytes")),
          {
            ...panel("Clock", "s", "Ahead of the median of other validators'.", each("noema_clock_offset_seconds")),
            min: -10, // behind it
          },
          panel("Syncs", "cps", "fdatasyncs of votes, batches, pool and catalog.", [rate("noema_store_log_syncs_total"), "{{instance}}"]),
          panel("Open files", "short", "", each("noema_process_open_files")),
          panel(
            "Block execution",
            "s",
            "From a final block to its durable result.",
            ...[0.5, 0.99].map((q) => quantile(q, "noema_execution_block_seconds")),
          ),
          panel("Inference results", "cps", "Computed ahead of blocks, or by them.", [
            `sum by (where) (${rate("noema_inference_results_total")})`,
            "{{where}}",
          ]),
        ],
      },
    ],
  },
];
