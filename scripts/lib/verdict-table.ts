import { styleText } from 'node:util'
import { bar, percent, probability } from './bars.ts'
import type { Verdict, VerdictName } from './verdict-types.ts'

/** A verdict with what it was given on and measured against. */
export interface JudgedTally extends Verdict {
  /** What the peers are called, in the order of `counts`. */
  names: string[]
  /** Calls per peer. */
  counts: number[]
  /** The verdict that makes the command succeed. */
  expected: VerdictName
  /** Whether `verdict` is `expected`. */
  met: boolean
}

/**
 * A verdict for people: one bar per peer, then the verdict, its reason and the numbers. Coloured on a terminal unless
 * NO_COLOR is set (`util.styleText` decides by stdout).
 *
 * @returns lines without a line break at the end
 */
export function verdictTable(tally: JudgedTally): string {
  const { verdict, expected, met } = tally
  const outcome = `${verdict}, ${met ? 'as expected' : `expected ${expected}`}`
  const facts: [string, string][] = [
    ['verdict', styleText(met ? 'green' : 'red', outcome)],
    ['reason', tally.reason],
    ['policy', `${tally.policy}, ${tally.clients} client${tally.clients === 1 ? '' : 's'}, alpha ${tally.alpha}`],
    ['chi-square', chiSquareText(tally)],
    ['Jain', `${tally.jain.toFixed(4)} (1 is perfectly even)`],
    ['max/mean', `${tally.maxOverMean.toFixed(3)} (1 is perfectly even)`],
    ['detectable', detectableText(tally)],
  ]
  return [...peerLines(tally), '', ...facts.map(([name, text]) => `${name.padEnd(10)}  ${text}`)].join('\n')
}

function peerLines({ names, counts, shares, expectedShares }: JudgedTally): string[] {
  const largest = shares.reduce((most, share) => Math.max(most, share), 0)
  const nameWidth = names.reduce((width, name) => Math.max(width, name.length), 4)
  const countWidth = counts.reduce((width, count) => Math.max(width, String(count).length), 5)
  const row = (name: string, count: string, share: string, expected: string): string =>
    `${name.padEnd(nameWidth)}  ${count.padStart(countWidth)}  ${share.padStart(7)}  ${expected.padStart(8)}`
  return [
    row('peer', 'calls', 'share', 'expected'),
    ...names.map((name, i) => {
      const share = shares[i] ?? 0
      const bars = bar(largest === 0 ? 0 : share / largest)
      return `${row(name, String(counts[i]), percent(share), percent(expectedShares[i] ?? 0))}  ${bars}`.trimEnd()
    }),
  ]
}

function chiSquareText({ chiSquare, degreesOfFreedom, pValue, pMethod, policy }: JudgedTally): string {
  if (pValue === null) return 'nothing to test'
  if (chiSquare === null) return 'a peer of weight 0 served, which chance cannot explain'
  const freedom = `${degreesOfFreedom} degree${degreesOfFreedom === 1 ? '' : 's'} of freedom`
  const role = policy === 'round_robin' ? ', does not decide round_robin' : ''
  return `${chiSquare.toFixed(2)}, ${freedom}, p ${probability(pValue)} (${pMethod}${role})`
}

function detectableText({ smallestDetectableShare, requests, policy }: JudgedTally): string {
  if (smallestDetectableShare === null) return `no skew for certain in ${requests} calls`
  const caught = policy === 'round_robin' ? 'is always caught' : 'is caught 9 times in 10'
  return `a peer with ${percent(smallestDetectableShare)} of the calls ${caught}`
}
