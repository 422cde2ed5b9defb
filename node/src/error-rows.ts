/** What every face of the node knows of a code: one row of one table. */
import { errors as consensus } from "@noema/consensus/errors";
import { errors as core, rowsOf } from "@noema/core/errors";
import { errors as da } from "@noema/da-layer/errors";
import { errors as execution } from "@noema/execution/errors";
import { errors as pool } from "@noema/execution/pool/errors";
import { errors as transactions } from "@noema/execution/transactions/errors";
import { errors as precompiles } from "@noema/precompiles/errors";
import { errors as chain } from "./chain/errors.ts";
import { errors as node } from "./errors.ts";
import { errors as rpc } from "./rpc/errors.ts";
import { errors as store } from "./store/errors.ts";

/** undefined for a code whose table is not here, such as that of p2p: to clients it is a fault of the node. */
export const rowOf = rowsOf([core, consensus, da, execution, pool, transactions, precompiles, node, chain, rpc, store]);
