import { oneLine } from '../../../../scripts/report/visible.ts'
import type { StreamObserver } from './ads/ads-stream.ts'
import type { ResourceType } from './resource-types.ts'

/** So many reasons are remembered as said, the latest. */
const mostRemembered = 1000

/** Says what clients refuse or ask in vain, each reason once for each client. */
export function clientLog(
  say: (sentence: string) => void,
  count: (type: ResourceType) => void,
): Pick<StreamObserver, 'refused' | 'unknownType' | 'unserved'> {
  const said = new Set<string>()
  const sayOnce = (subject: string, sentence: string) => {
    const key = shown(subject)
    if (said.has(key)) return
    said.add(key)
    const [oldest] = said
    if (said.size > mostRemembered && oldest !== undefined) said.delete(oldest)
    say(shown(sentence))
  }
  return {
    refused({ client, type, version, reason }) {
      count(type)
      sayOnce(
        `${client} ${type} ${reason}`,
        `${client} refuses ${type} version ${version}, and goes on with what it had: ${reason}`,
      )
    },
    unknownType(client, url) {
      sayOnce(url, `${client} asks for ${url}, which is not served here`)
    },
    unserved(client, name) {
      sayOnce(
        name,
        `${client} asks for xds:///${name}, which is not served: name it under services, or have it discovered`,
      )
    },
  }
}

/** What clients write is not ours, and may be of any length. */
const shown = (text: string): string => oneLine(text.length > 1000 ? `${text.slice(0, 1000)}...` : text)
