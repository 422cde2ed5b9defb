/** Where a transaction of a block stands. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Room } from "../../rules/validity.ts";
import type { Journal } from "../../state/journal.ts";

/** What a block keeps nothing of. `gasBeforeRefund`: all that it used, the floor counted. */
type MessageEnd = { output: Bytes; gasBeforeRefund: bigint };

/** The gas of those before it, and the block's fees. `told`: of one that runs code. */
export type Place = { journal: Journal; gasBefore: bigint; room: Room; told?(end: MessageEnd): void };
