import { isMap, isScalar, isSeq } from 'yaml'
import { Mistake } from './problems.ts'

/**
 * The named type of a default that no annotation explains.
 *
 * @throws Mistake where the default alone does not say what else may stand in its place
 */
export function inferType(node: unknown): string {
  if (isMap(node)) throw new Mistake('an empty object says nothing of its keys: write # @each NAMES or # @type raw')
  if (isSeq(node)) throw new Mistake('a list says nothing of other items: write # @type strings, or raws, or # @enum')
  const value = isScalar(node) ? node.value : null
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  // 1.0 is written for a number that has fractions, too.
  if (typeof value === 'number') return /^-?\d+$/.test(String(isScalar(node) && node.source)) ? 'integer' : 'number'
  throw new Mistake('null is no default, for Helm 3 and 4 treat it differently: write "" where it is unset')
}
