/** Not of transactions: `bench load` runs it by objects.ts. */
export const blobs = { name: "blobs", about: "objects of --bytes bytes by PUT /da; a transaction is an object then (Noema only)" };
