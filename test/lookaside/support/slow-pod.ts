import { EchoClient } from '../../../services/echo/src/wire.ts'

/** A request, on the wire and in base64, that one pod answers after so many milliseconds, and all others at once. */
export function slowPod(onlyPod: string, delayMilliseconds: number): string {
  const behaviour = { onlyPod, delayMilliseconds }
  return EchoClient.service.Hello.requestSerialize({ behaviour }).toString('base64')
}
