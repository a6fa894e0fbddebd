import { type ClientTracing, noClientTracing, noServerTracing, type ServerTracing } from './call-trace.ts'
import { tracingSettings } from './settings.ts'
import type { TracedProgram } from './traced-program.ts'

/** The traces of one process. */
export interface Tracing {
  client(channel: { readonly target: string; readonly policy: string }): ClientTracing
  readonly server: ServerTracing
  /** Waits for open calls, sends the spans that are left; resolves to false when that is still going on after `limitSeconds`. */
  end(limitSeconds: number): Promise<boolean>
}

/**
 * Starts tracing if the environment names an endpoint for spans; otherwise nothing of OpenTelemetry is even imported. Throws
 * a usage error (64) for an endpoint that spans cannot be sent to.
 */
export async function startTracing(
  program: TracedProgram,
  say: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Tracing> {
  const settings = tracingSettings(env)
  if (settings === undefined) return noTracing
  for (const warning of settings.warnings) say(`traces: ${warning}`)
  const { openTracing } = await import('./sdk.ts')
  return openTracing(settings, program, say)
}

const noTracing: Tracing = { client: () => noClientTracing, server: noServerTracing, end: async () => true }
