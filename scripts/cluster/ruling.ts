import { probability } from '../lib/bars.ts'
import type { Spread } from './result.ts'

/** What a rule says, with the sentence and the probability that it rests on. */
export type Ruling = Pick<Spread, 'verdict' | 'reason' | 'pValue'>

export const ruling = (verdict: Ruling['verdict'], reason: string, pValue: number | null = null): Ruling => ({
  verdict,
  reason,
  pValue,
})

/** Of what happened, under what is taken for granted. */
export const odds = (p: number, alpha: number): string => `(p ${probability(p)}, alpha ${alpha})`
