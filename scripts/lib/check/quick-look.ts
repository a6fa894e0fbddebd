import { type Event, parseEvents, YAMLException } from 'js-yaml'
import { UnusableYaml } from './plain-values.ts'

const mostEvents = 150_000

/**
 * Refuses a long text that is no YAML, or more of it than values ever are, in time and memory in proportion to its length. The
 * library that knows places and comments goes on after an error, and then takes time in proportion to the square.
 *
 * @throws UnusableYaml
 */
export function quickLook(text: string): void {
  let events: readonly Event[]
  try {
    events = parseEvents(text, { maxDepth: 1_000 })
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    throw new UnusableYaml(error.mark?.position ?? 0, sentence(error.reason))
  }
  if (events.length > mostEvents)
    throw new UnusableYaml(0, 'it holds more keys and entries than values ever do: check its path')
}

function sentence(reason: string): string {
  if (reason.startsWith('nesting exceeded')) return 'it nests deeper than 1000 levels: flatten it'
  if (reason.startsWith('tab characters')) return 'a tab indents it, and YAML takes spaces alone: replace it by spaces'
  return `this is no YAML (${reason}): correct it`
}
