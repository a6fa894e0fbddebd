import { status } from '@grpc/grpc-js'

const names = Object.fromEntries(Object.entries(status).map(([name, code]) => [code, name])) as Record<number, string>

/** `UNAVAILABLE` for 14: the spelling of the gRPC specification, used in reports. */
export function statusName(code: number): string {
  return names[code] ?? `CODE_${code}`
}

/** `Unavailable` for 14, `OK` for 0: the spelling of go-grpc-middleware's metrics, used in labels. */
export function statusLabel(code: number): string {
  if (code === status.OK) return 'OK'
  if (code === status.CANCELLED) return 'Canceled'
  const words = statusName(code).toLowerCase().split('_')
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** Every status code, 0 to 16. */
export const statusCodes: readonly number[] = Object.keys(names).map(Number)

/** Whether a number is one of gRPC's status codes, 0 to 16. */
export function isStatusCode(code: number): boolean {
  return code in names
}
