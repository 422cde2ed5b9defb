/** Why what was dropped is not published; undefined: it is one file. */
export function dropFault(items: readonly Pick<DataTransferItem, "kind" | "webkitGetAsEntry">[]): string | undefined {
  const files = items.filter((item) => item.kind === "file");
  if (files.length > 1) return `these are ${files.length} files; one at a time, or all of a folder with noema da put`;
  return files[0]?.webkitGetAsEntry()?.isDirectory ? "that is a folder, which noema da put publishes whole" : undefined;
}
