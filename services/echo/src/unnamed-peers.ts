import type { Verdict } from '../../../scripts/lib/verdict.ts'
import { type Judging, judgeCounts } from './report.ts'
import type { Counts } from './tally.ts'

/**
 * The verdict where a peer that does not name its pod is tallied by its address. Several addresses are as good as names.
 * One alone may be a Service's or a proxy's, which hides how the calls behind it spread: neither `pinned` nor `even` is
 * known then, unless the target resolves to others too, or `peers` says that there is but one.
 * @param resolved the addresses that the target resolves to, as far as known.
 */
export function judgeByAddress(counts: Counts['counts'], judging: Judging, resolved: readonly string[]): Verdict {
  const peers = Object.keys(counts)
  const unnamed = peers.length > 0 && peers.every(isAddress)
  if (!unnamed || fewestServers(peers) > 1 || judging.peers === 1) return judgeCounts(counts, judging)
  const known = fewestServers(resolved)
  if (known > 1) return judgeCounts(counts, { ...judging, peers: judging.peers ?? known })
  const judged = judgeCounts(counts, { judgeAs: judging.judgeAs })
  return { ...judged, verdict: 'insufficient', reason: whyUnknown(peers, judged.requests) }
}

/** A pod's name has no colon; an address has one before its port, a socket's path behind `unix`. */
const isAddress = (peer: string): boolean => peer.includes(':')

/** Behind a dual-stack name one server has an address of each family, so only those of one family are told apart. */
function fewestServers(addresses: readonly string[]): number {
  const ipv6 = addresses.filter((address) => address.startsWith('[')).length
  return Math.max(ipv6, addresses.length - ipv6)
}

function whyUnknown(peers: readonly string[], requests: number): string {
  const went = requests === 1 ? 'The only call' : `All ${requests} calls`
  const hidden = `which may stand for any number of pods, and no reply names its pod`
  const fix = 'dial the pods themselves (a headless Service, outside a mesh), or say --peers 1 if there is one'
  return `${went} went to ${peers.join(' and ')}, ${hidden}: ${fix}.`
}
