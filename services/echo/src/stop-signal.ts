/** Aborts on the first SIGTERM or SIGINT; the second ends the process at once, for whoever cannot wait. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const [signal, exitCode] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(exitCode)
      stop.abort(new Error(`stopped by ${signal}`))
    })
  }
  return stop.signal
}
