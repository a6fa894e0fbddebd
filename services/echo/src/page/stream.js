/** @import { Shown } from './types.d.ts' */

/** Updates come four times a second: this long without one is a loss. */
const silentMilliseconds = 3000
/** After this long a connection that only looks alive is opened anew. */
const deadMilliseconds = 10_000
const againMilliseconds = 3000

/**
 * What the server tells, for as long as the page is looked at.
 * @param {(all: readonly Shown[]) => void} onUpdate
 * @param {(greeting: { controls: boolean }) => void} onGreeting called whenever a connection is made
 * @param {(problem: string | undefined) => void} onProblem called with a sentence when news stop, with undefined when they
 *   come again
 */
export function watchDistribution(onUpdate, onGreeting, onProblem) {
  /** @type {EventSource | undefined} */
  let events
  let heardAt = performance.now()
  /** @type {string | undefined} */
  let problem = 'Connecting…'

  /** @param {string | undefined} sentence */
  const tell = (sentence) => {
    if (sentence === problem) return
    problem = sentence
    onProblem(sentence)
  }
  const lost = () => {
    if (problem !== undefined && problem !== 'Connecting…') return
    tell(`Connection lost at ${new Date().toLocaleTimeString()}: what is shown is old. Trying again…`)
  }
  const open = () => {
    events?.close()
    if (document.hidden) return
    heardAt = performance.now()
    events = new EventSource('distribution')
    events.onmessage = (event) => {
      heardAt = performance.now()
      const data = JSON.parse(event.data)
      onUpdate(Array.isArray(data) ? data : [data])
      tell(undefined)
    }
    events.addEventListener('greeting', (event) => onGreeting(JSON.parse(event.data)))
    events.onerror = async () => {
      // One that is only interrupted connects again by itself.
      if (events?.readyState !== EventSource.CLOSED) return lost()
      const refusal = await refusalOf()
      if (refusal) tell(`${refusal} Trying again…`)
      else lost()
      setTimeout(open, againMilliseconds)
    }
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? events?.close() : open()))
  setInterval(() => {
    const silent = performance.now() - heardAt
    if (document.hidden || silent < silentMilliseconds) return
    lost()
    if (silent > deadMilliseconds && events?.readyState !== EventSource.CLOSED) open()
  }, 500)
  open()
}

/** Why the server refuses another viewer; an EventSource does not tell. @returns {Promise<string | undefined>} */
async function refusalOf() {
  const stop = new AbortController()
  try {
    const response = await fetch('distribution', { headers: { accept: 'text/event-stream' }, signal: stop.signal })
    if (response.ok) return undefined
    return (await response.json()).error
  } catch {
    return undefined
  } finally {
    stop.abort()
  }
}
