/** A rule that the command line wants passed over everywhere. */
export interface IgnoreOption {
  readonly rule: string
  readonly reason: string
}

/** `RULE: REASON`, where both are there; several rules may stand before the colon, with commas. */
export function ignoreOptionsIn(text: string): IgnoreOption[] | undefined {
  const [, rules = '', reason = ''] = /^([^:]+):\s*(\S.*)$/s.exec(text.trim()) ?? []
  const names = rules.split(',').map((rule) => rule.trim())
  if (reason === '' || names.includes('')) return undefined
  return names.map((rule) => ({ rule, reason }))
}
