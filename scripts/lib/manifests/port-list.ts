/** Whether a list as Linkerd's annotations have it, `25,8000-9000,grpc`, has a port: by its number, in a range, or by its name. */
export const hasPort = (list: string | undefined, number: number, name?: string): list is string =>
  list !== undefined && partsOf(list).some((part) => isPort(part, number, name))

/** The list without the port; null, which takes the annotation away, when nothing is left. Ranges are cut in two. */
export function withoutPort(list: string, number: number, name?: string): string | null {
  const left = partsOf(list).flatMap((part) => {
    if (!isPort(part, number, name)) return [part]
    const [from = number, to = from] = part === name ? [number] : part.split('-').map(Number)
    return [rangeOf(from, number - 1), rangeOf(number + 1, to)].filter((each) => each !== '')
  })
  return left.length === 0 ? null : left.join(',')
}

function isPort(part: string, number: number, name?: string): boolean {
  if (name && part === name) return true
  const [from, to = from] = part.split('-').map(Number)
  return from !== undefined && to !== undefined && from <= number && number <= to
}

const rangeOf = (from: number, to: number): string => (from > to ? '' : from === to ? `${from}` : `${from}-${to}`)

const partsOf = (list: string): string[] =>
  list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
