/**
 * Bytes of a long value that stand in one row of the store: two such rows fill a page of LMDB's (4 KiB). What does not fit twice into a page
 * gets pages of its own, the last of them half empty.
 */
export const ROW_BYTES = 1_900;
