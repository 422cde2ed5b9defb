/** Names that the archive and who runs it share. */
export const PACKED_FILE = "packed.json";
export const PARTS = ["equality", "speed", "transfers", "inference"] as const;
