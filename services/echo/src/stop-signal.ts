/**
 * Aborts on the first SIGTERM or SIGINT; the second ends the process at once, for whoever cannot wait. Aborts too when
 * the parent that started us with a message channel (the lab, a test) is gone: we do not outlive it.
 */
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
  process.on('disconnect', () => stop.abort(new Error('the parent process is gone')))
  process.channel?.unref()
  return stop.signal
}
