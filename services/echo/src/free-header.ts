/** Whether a call may carry a header of this name with a text: not what grpc-js sets itself, or sends as bytes. */
export function isFreeHeader(name: string): boolean {
  const header = name.toLowerCase()
  return /^[a-z0-9_.-]+$/.test(header) && !taken.test(header)
}

const taken = /^(grpc-.*|.*-bin|content-type|te|user-agent|host|connection)$/
