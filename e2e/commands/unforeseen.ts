/** Fails as a fault in our own code would: in a promise that nobody waits for. */
setImmediate(() => Promise.reject(new TypeError("two\nlines")));
