import type { FastifyInstance } from 'fastify'
import { isLoopbackHost, registerControlRoutes } from '../../services/echo/src/controls/control-routes.ts'
import { hostAndPort } from '../lib/address.ts'
import type { ControlledScenario } from './controlled-scenario.ts'
import { refused } from './refusal.ts'

/** What the page may do to the scenarios of the lab. */
export class LabControls {
  /** Undefined: not judged yet. */
  private readonly scenarios: Map<string, ControlledScenario | undefined>

  /** @param names every scenario that runs. */
  constructor(names: readonly string[]) {
    this.scenarios = new Map(names.map((name) => [name, undefined]))
  }

  /** Gives the page a scenario that has its verdict. */
  add(name: string, scenario: ControlledScenario): void {
    this.scenarios.set(name, scenario)
  }

  /**
   * Adds `GET /controls`, what can be done, and `POST /controls`, which does it: 200 `{done}`, or 4xx `{error}`, a sentence
   * each. Only where the page listens on loopback: elsewhere whoever reaches it could press.
   */
  async register(app: FastifyInstance, listen: string): Promise<void> {
    if (!isLoopbackHost(hostAndPort(listen).host)) return
    await registerControlRoutes(app, isLoopbackHost, (scope) => {
      scope.get('/controls', () => {
        const ready = [...this.scenarios.values()].filter((scenario) => scenario !== undefined)
        return { scenarios: ready.map((scenario) => scenario.describe()).sort((a, b) => (a.name < b.name ? -1 : 1)) }
      })
      scope.post('/controls', async (request) => ({ done: await this.act(request.body) }))
    })
  }

  private act(body: unknown): Promise<string> {
    const { scenario: name, action, pod, pods, delayMilliseconds, policy } = fieldsOf(body)
    const scenario = this.scenarioNamed(name)
    switch (action) {
      case 'scale':
        return scenario.inTurn(() => scenario.scale(number('pods', pods)))
      case 'kill':
        return scenario.inTurn(() => scenario.kill(text('pod', pod)))
      case 'slow':
        return scenario.inTurn(() => scenario.slow(text('pod', pod), number('delayMilliseconds', delayMilliseconds)))
      case 'policy':
        return scenario.inTurn(() => scenario.choosePolicy(text('policy', policy)))
      default:
        throw refused(400, 'The action must be scale, kill, slow or policy.')
    }
  }

  private scenarioNamed(name: unknown): ControlledScenario {
    const known = text('scenario', name)
    if (!this.scenarios.has(known)) {
      throw refused(404, `There is no scenario ${known}: there are ${[...this.scenarios.keys()].join(', ')}.`)
    }
    const scenario = this.scenarios.get(known)
    if (scenario === undefined) throw refused(409, `${known} is not judged yet: wait for its verdict.`)
    return scenario
  }
}

function fieldsOf(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  throw refused(400, 'Send an object such as {"scenario": "cluster-ip", "action": "scale", "pods": 4}.')
}

function text(field: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw refused(400, `The field ${field} must be a text.`)
}

function number(field: string, value: unknown): number {
  if (typeof value === 'number') return value
  throw refused(400, `The field ${field} must be a number.`)
}
