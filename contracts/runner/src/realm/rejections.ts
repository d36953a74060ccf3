/**
 * Handles promises that the process itself left rejected. One that a contract left rejected in its realm is that call's own affair, and its
 * reason is not to be touched: printing it, as Node.js would, calls the contract's code with functions of the host (`util.inspect.custom`).
 */
export function onOwnRejection(handle: (reason: unknown) => void): void {
  process.on('unhandledRejection', (reason, promise) => {
    if (Object.getPrototypeOf(promise) === Promise.prototype) handle(reason);
  });
}
