/** What a value of a wrong type may have been meant for, in the types that are wanted. */
export function otherTypes(data: unknown, wanted: readonly string[], schema: unknown): { readonly value: unknown }[] {
  return wanted.flatMap((type) => inType(data, type, schema)).map((value) => ({ value }))
}

function inType(data: unknown, type: string, schema: unknown): unknown[] {
  const word = String(data).trim().toLowerCase()
  if (typeof data === 'object' && data !== null) return []
  // A number may be meant for seconds.
  if (type === 'string') return data === null ? [''] : [String(data), `${data}s`]
  if (type === 'array') return data === null || data === '' ? [[]] : [[data]]
  if (type === 'boolean') return switches.flatMap(([is, words]) => (words.includes(word) ? [is] : []))
  if (type === 'integer' || type === 'number') {
    const number = Number(word)
    return word === '' || !Number.isFinite(number) ? [] : [type === 'integer' ? Math.round(number) : number]
  }
  if (type !== 'object') return []
  // `istio: true` means istio.enabled.
  const hasSwitch = Object.hasOwn((schema as { properties?: object }).properties ?? {}, 'enabled')
  return data === null || data === ''
    ? [{}]
    : hasSwitch
      ? inType(data, 'boolean', schema).map((enabled) => ({ enabled }))
      : []
}

const switches: readonly (readonly [boolean, readonly string[]])[] = [
  [true, ['true', 'yes', 'on', 'y', '1', 'enabled']],
  [false, ['false', 'no', 'off', 'n', '0', 'disabled']],
]

/** What text of a wrong form may have been meant for: `5 seconds` for 5s, `25 %` for 25%, `My_App` for my-app. */
export function otherForms(text: string): string[] {
  const [, count, unit = ''] =
    /^\s*(\d+)\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)\s*$/i.exec(text) ?? []
  const short = unit.toLowerCase().startsWith('mil') ? 'ms' : /^ms$/i.test(unit) ? 'ms' : unit.slice(0, 1).toLowerCase()
  const trimmed = text.trim()
  return [
    ...(count === undefined ? [] : [`${count}${short}`]),
    ...(/^\d+(\s*s)?$/.test(trimmed) ? [`${Number.parseInt(trimmed, 10)}s`] : []),
    trimmed.replaceAll(/\s+/g, ''),
    trimmed.toLowerCase(),
    trimmed
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .replaceAll(/^-+|-+$/g, ''),
    trimmed
      .toLowerCase()
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, ''),
    trimmed.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^\W+|\W+$/g, ''),
    `/${trimmed}`,
  ].filter((form, i, all) => form !== text && form !== '' && all.indexOf(form) === i)
}
