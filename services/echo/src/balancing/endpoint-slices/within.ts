/** Runs what ends by a signal, and ends it after so long, or when `stop` says so. */
export async function within<R>(
  seconds: number,
  stop: AbortSignal,
  run: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const attempt = new AbortController()
  const end = () => attempt.abort()
  const reason = new Error(`no answer within ${seconds} s`)
  const limit = setTimeout(() => attempt.abort(reason), seconds * 1000).unref()
  stop.addEventListener('abort', end, { once: true })
  try {
    return await run(attempt.signal)
  } finally {
    clearTimeout(limit)
    stop.removeEventListener('abort', end)
  }
}
