import type { Outcome } from '../../../../scripts/cluster/result.ts'
import type { Distribution, JudgedWindow } from '../distribution.ts'

/** A distribution as the page gets it: a process's own, or one scenario of the lab's. */
export interface Shown extends Omit<Distribution, 'window'> {
  readonly window: ShownWindow | null
  /** The rest is told by the lab alone. */
  readonly scenario?: string
  readonly summary?: string
  /** The pods that the client could use, idle ones too. */
  readonly pods?: readonly string[]
}

/** A window with its verdict, which the lab gives by other rules while a pod is slow. */
export interface ShownWindow extends Omit<JudgedWindow, 'judgement'> {
  readonly judgement: Omit<JudgedWindow['judgement'], 'verdict'> & { readonly verdict: Outcome }
}

/** What may be done here; the answer of GET controls. */
export interface ControlsOffer {
  readonly calls?: { readonly maximumRequests: number }
  /** Whether this process answers Echo calls of a browser. */
  readonly echo?: true
  readonly scenarios?: readonly ScenarioControls[]
}

export interface ScenarioControls {
  readonly name: string
  readonly pods: readonly string[]
  readonly policy: string
  readonly policies: readonly string[]
  readonly actions: readonly ('scale' | 'kill' | 'slow' | 'policy')[]
  readonly minimumPods: number
  readonly maximumPods: number
}

export type Attributes = Readonly<Record<string, string>>
