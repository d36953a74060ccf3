const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** While the child runs, what would end this process is passed on to it instead: this process ends when the child has. */
export function passSignals(child) {
  const pass = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  child.once('close', () => {
    for (const signal of signals) process.removeListener(signal, pass);
  });
}
