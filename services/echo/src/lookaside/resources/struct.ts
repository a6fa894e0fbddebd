/** JSON's object as `google.protobuf.Struct`. */
export function structOf(json: Readonly<Record<string, unknown>>): object {
  const given = Object.entries(json).filter(([, value]) => value !== undefined)
  return { fields: Object.fromEntries(given.map(([key, value]) => [key, jsonValue(value)])) }
}

function jsonValue(json: unknown): object {
  if (Array.isArray(json)) return { listValue: { values: json.map(jsonValue) } }
  if (typeof json === 'object' && json !== null) return { structValue: structOf(json as Record<string, unknown>) }
  if (typeof json === 'number') return { numberValue: json }
  if (typeof json === 'boolean') return { boolValue: json }
  return json === null ? { nullValue: 'NULL_VALUE' } : { stringValue: String(json) }
}
