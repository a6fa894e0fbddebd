/** A line as it can be repeated in each of many findings: a file of a megabyte may be one line. */
export const shortLine = (line: string): string => (line.length > 1_000 ? `${line.slice(0, 999)}…` : line)
